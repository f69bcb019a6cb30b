-- Who is quoted, most quoted first, without headlines that repeat a quotation: `quotes` is that of entities. Views: `entities`, which
-- entities.sql makes, and `quotes` (see there) with `place`.
WITH spoken AS (
  SELECT speaker_id AS entity_id, count(*) AS articles, sum(direct) AS direct, sum(mixed) AS mixed, sum(indirect) AS indirect,
         min(published) AS first_published, max(published) AS last_published
  FROM (
    SELECT speaker_id, place, published, count_if(kind = 'direct') AS direct, count_if(kind = 'mixed') AS mixed,
           count_if(kind = 'indirect') AS indirect
    FROM quotes WHERE speaker_id IS NOT NULL AND echo_of IS NULL
    GROUP BY speaker_id, place, published
  ) AS by_article
  GROUP BY speaker_id
)
SELECT entity_id, entities.type, entities.name, entities.quotes, spoken.articles, direct, mixed, indirect,
       spoken.first_published, spoken.last_published
FROM spoken JOIN entities USING (entity_id)
ORDER BY quotes DESC, entity_id
