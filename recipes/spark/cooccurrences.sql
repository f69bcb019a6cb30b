-- cooccurrences.csv from the rows of mentions.csv: which entities share a sentence. The same cells as one `onrecord extract` over
-- the same articles, as long as that dropped no pairs (`counts.droppedPairs` in run.json).
-- For `place` and `number` see entities.sql.
WITH first AS (
  SELECT place, zone, sentence, entity_id, min(number) OVER (PARTITION BY place, entity_id) AS number FROM mentions
),
here AS (
  -- Of a sentence that names very many entities, the 200 that the article names first make pairs.
  SELECT * FROM (
    SELECT *, row_number() OVER (PARTITION BY place, zone, sentence ORDER BY number) AS turn
    FROM (SELECT DISTINCT * FROM first) AS once
  ) AS in_turn
  WHERE turn <= 200
),
shared AS (
  SELECT a.place, a.entity_id AS source, b.entity_id AS target, count(*) AS weight
  FROM here AS a JOIN here AS b
    ON a.place = b.place AND a.zone = b.zone AND a.sentence = b.sentence AND a.entity_id < b.entity_id
  GROUP BY a.place, a.entity_id, b.entity_id
)
SELECT source, target, 'Undirected' AS type, sum(weight) AS weight, count(*) AS articles
FROM shared GROUP BY source, target
ORDER BY weight DESC, source, target
