CREATE TABLE issue (
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    title TEXT NOT NULL,
    due TEXT,              -- YYYY-MM-DD, or NULL
    priority INTEGER,      -- or NULL
    estimate REAL          -- hours, or NULL
);
