-- Who is quoted, most quoted first: `entities` and `quotes` by speaker. A summary of our own choice; its `quotes` are those of
-- entities.csv.
-- It asks for a view `entities`, which entities.sql makes.
SELECT entity_id, entities.type, entities.name, entities.quotes, count(DISTINCT q.place) AS articles,
       count(CASE WHEN q.kind = 'direct' THEN 1 END) AS direct,
       count(CASE WHEN q.kind = 'mixed' THEN 1 END) AS mixed,
       count(CASE WHEN q.kind = 'indirect' THEN 1 END) AS indirect,
       min(q.published) AS first_published, max(q.published) AS last_published
FROM entities JOIN quotes AS q ON q.speaker_id = entities.entity_id
WHERE q.echo_of IS NULL
GROUP BY entity_id, entities.type, entities.name, entities.quotes
ORDER BY quotes DESC, entity_id
