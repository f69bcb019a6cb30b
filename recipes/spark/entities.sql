-- entities.csv from the rows of mentions.csv and quotes.csv: the same cells as one `onrecord extract` over the same articles.
-- Spark SQL.
--
-- It asks of the views `mentions` and `quotes`, beside their columns, for
--   place   where the article stands in the input: any number that rises from article to article
--   number  of the row among those of its article, from 0
-- and of `quotes` for `published`, of `mentions` too. `facts` has a row for each entity and batch of articles that
-- mentions it: entity_id, place (of the first such article), type, known and what the gazetteer knows.
--
-- Ties are broken as the program breaks them: by what comes first in the input. So `sight` goes with each name: the
-- article, the row, and whether it was seen as the article's name of the entity (0) or as the text's (1).
WITH entered AS (
  -- An article's row for each entity that it mentions or quotes. Its name is that of the first row.
  SELECT place, entity_id, min(published) AS published, min_by(name, number) AS name, min(number) AS number,
         sum(mentions) AS mentions, sum(quotes) AS quotes
  FROM (
    SELECT place, entity_id, published, name, CAST(number AS BIGINT) AS number, 1 AS mentions, 0 AS quotes
    FROM mentions
    UNION ALL
    -- Rows of quotes come behind all rows of mentions. Headlines that repeat a quotation are not counted.
    SELECT place, speaker_id, published, speaker, 1000000000000 + number, 0,
           CASE WHEN echo_of IS NULL THEN 1 ELSE 0 END
    FROM quotes WHERE speaker_id IS NOT NULL
  ) AS rows_of_both
  GROUP BY place, entity_id
),
sums AS (
  SELECT entity_id, sum(mentions) AS mentions, count(*) AS articles, sum(quotes) AS quotes,
         min(published) AS first_published, max(published) AS last_published
  FROM entered GROUP BY entity_id
),
forms AS (
  -- What an entity is called. The program keeps its first thousand forms.
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY entity_id ORDER BY sight) AS turn
    FROM (
      SELECT entity_id, form, sum(names) AS names, sum(surfaces) AS surfaces, min(sight) AS sight
      FROM (
        SELECT entity_id, name AS form, 1 AS names, 0 AS surfaces, struct(place, number, 0) AS sight FROM entered
        UNION ALL
        SELECT entity_id, surface, 0, 1, struct(place, CAST(number AS BIGINT), 1) FROM mentions
      ) AS sightings
      GROUP BY entity_id, form
    ) AS counted
  ) AS in_turn
  WHERE turn <= 1000
),
called AS (
  SELECT entity_id, min_by(form, CAST(by_name AS BIGINT)) AS name,
         listagg(CASE WHEN surfaces > 0 THEN form END, ' | ') WITHIN GROUP (ORDER BY by_surface) AS surfaces
  FROM (
    SELECT *, row_number() OVER (PARTITION BY entity_id ORDER BY names DESC, turn) AS by_name,
           row_number() OVER (PARTITION BY entity_id ORDER BY surfaces DESC, turn) AS by_surface
    FROM forms
  ) AS ranked
  GROUP BY entity_id
),
known AS (
  -- Facts are those of the first article that has the entity.
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY entity_id ORDER BY place) AS turn FROM facts
  ) AS in_turn
  WHERE turn = 1
)
SELECT entity_id, known.type, called.name, called.surfaces,
       known.country, known.latitude, known.longitude, known.wikidata, known.geonames, known.known,
       sums.mentions, sums.articles, sums.quotes, sums.first_published, sums.last_published
FROM sums JOIN called USING (entity_id) LEFT JOIN known USING (entity_id)
ORDER BY mentions DESC, entity_id
