-- The table of entities, cell by cell that of one `onrecord extract` over the same articles. Views:
--
--   sums      rows of entities as the extractor makes them of a batch of articles, with `place`, which is that of the first of
--             these articles: 1 for the first record of the dump, 2 for the second ...
--   mentions  } the rows of these tables, with `sight`, a number that rises from row to row through all of the dump (by two, and in
--   quotes    } an article first through its mentions, then through its quotations), and `introduces`: whether the row is the
--             first in its article about its entity, or the speaker.
--
-- Sums of numbers are added up, and everything else that could be settled in several ways is settled by what comes first in the
-- dump, as the program does it. Nothing is grouped by a text's minimum where there are many rows: Spark would sort them.
WITH summed AS (
  SELECT entity_id, sum(mentions) AS mentions, sum(articles) AS articles, sum(quotes) AS quotes,
         min(first_published) AS first_published, max(last_published) AS last_published, bool_or(known) AS known,
         min_by(struct(type, country, latitude, longitude, wikidata, geonames), place) AS facts
  FROM sums GROUP BY entity_id
),
counted AS (
  -- What an entity is called: in how many articles it is the name, and in how many mentions the form that the text has. An
  -- article's name for it is seen before the form of its first mention.
  SELECT entity_id, form, sum(names) AS names, sum(surfaces) AS surfaces, min(sight) AS sight
  FROM (
    SELECT entity_id, name AS form, 1 AS names, 0 AS surfaces, sight FROM mentions WHERE introduces
    UNION ALL
    SELECT speaker_id, speaker, 1, 0, sight FROM quotes WHERE introduces
    UNION ALL
    SELECT entity_id, surface, 0, 1, sight + 1 FROM mentions
  ) AS seen
  GROUP BY entity_id, form
),
forms AS (
  -- The program keeps the first thousand forms of an entity.
  SELECT *, row_number() OVER (PARTITION BY entity_id ORDER BY sight) AS turn FROM counted QUALIFY turn <= 1000
),
called AS (
  SELECT entity_id, max_by(form, struct(names, -turn)) AS name,
         listagg(CASE WHEN surfaces > 0 THEN form END, ' | ') WITHIN GROUP (ORDER BY surfaces DESC, turn) AS surfaces
  FROM forms GROUP BY entity_id
)
SELECT entity_id, facts.type, name, surfaces, facts.country, facts.latitude, facts.longitude, facts.wikidata, facts.geonames,
       known, mentions, articles, quotes, first_published, last_published
FROM summed JOIN called USING (entity_id)
ORDER BY mentions DESC, entity_id
