-- Why a label ended is a code beside its reason; until now one reason's wording told it.
UPDATE label SET body = json_set(body, '$.ended', 'agreed')
WHERE json_valid(body) AND body ->> '$.reason' = 'EPD zegt nu hetzelfde';
