-- The table of pairs of entities that share a sentence, cell by cell that of one `onrecord extract` over the same articles, as
-- long as that dropped no pairs (`counts.droppedPairs` in run.json). View: `pairs`, the rows of that table as the extractor
-- makes them of a batch of articles.
SELECT source, target, type, sum(weight) AS weight, sum(articles) AS articles
FROM pairs GROUP BY source, target, type
ORDER BY weight DESC, source, target
