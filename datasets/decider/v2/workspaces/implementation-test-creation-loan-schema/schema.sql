CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (email LIKE '_%@_%'),
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1))
);

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL CHECK (trim(title) <> '')
);

CREATE TABLE loan (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
    item_id INTEGER NOT NULL REFERENCES item (id) ON DELETE RESTRICT,
    taken TEXT NOT NULL,
    due TEXT NOT NULL CHECK (due > taken),
    returned TEXT CHECK (returned >= taken)
);

CREATE UNIQUE INDEX one_loan_an_item ON loan (item_id) WHERE returned IS NULL;

CREATE TABLE history (
    loan_id INTEGER NOT NULL,
    late INTEGER NOT NULL
);

CREATE TRIGGER not_for_the_blocked BEFORE INSERT ON loan
WHEN (SELECT blocked FROM member WHERE id = NEW.member_id) = 1
BEGIN SELECT RAISE(ABORT, 'the member is blocked'); END;

CREATE TRIGGER three_at_most BEFORE INSERT ON loan
WHEN NEW.returned IS NULL AND (SELECT COUNT(*) FROM loan WHERE member_id = NEW.member_id AND returned IS NULL) >= 3
BEGIN SELECT RAISE(ABORT, 'three loans are open'); END;

CREATE TRIGGER returned_is_final BEFORE UPDATE OF returned ON loan
WHEN OLD.returned IS NOT NULL AND NEW.returned IS NOT OLD.returned
BEGIN SELECT RAISE(ABORT, 'already returned'); END;

CREATE TRIGGER keep_history AFTER UPDATE OF returned ON loan
WHEN OLD.returned IS NULL AND NEW.returned IS NOT NULL
BEGIN INSERT INTO history VALUES (NEW.id, NEW.returned > NEW.due); END;

CREATE TRIGGER not_with_open_loans BEFORE DELETE ON member
WHEN EXISTS (SELECT 1 FROM loan WHERE member_id = OLD.id AND returned IS NULL)
BEGIN SELECT RAISE(ABORT, 'loans are open'); END;
