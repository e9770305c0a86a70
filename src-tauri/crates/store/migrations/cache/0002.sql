-- Since when a remark stands; NULL in rows of before this.
ALTER TABLE not_understood ADD COLUMN since INTEGER;
