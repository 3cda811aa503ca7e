CREATE TABLE member (id INTEGER PRIMARY KEY, email TEXT NOT NULL, blocked INTEGER DEFAULT 0 NOT NULL);
CREATE UNIQUE INDEX member_email ON member (lower(email));
CREATE TABLE item (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE loan (
    id INTEGER PRIMARY KEY,
    member_id INTEGER NOT NULL REFERENCES member (id),
    item_id INTEGER NOT NULL REFERENCES item (id),
    taken TEXT NOT NULL, due TEXT NOT NULL, returned TEXT,
    CHECK (taken < due AND (returned IS NULL OR NOT returned < taken))
);
CREATE TABLE history (loan_id INTEGER, late INTEGER);
CREATE TRIGGER a BEFORE INSERT ON member BEGIN
    SELECT RAISE(ABORT, 'email') WHERE instr(substr(NEW.email, 2), '@') = 0 OR NEW.email NOT LIKE '%_@%_';
    SELECT RAISE(ABORT, 'blocked') WHERE NEW.blocked NOT IN (0, 1);
END;
CREATE TRIGGER b BEFORE UPDATE ON member BEGIN
    SELECT RAISE(ABORT, 'email') WHERE instr(substr(NEW.email, 2), '@') = 0 OR NEW.email NOT LIKE '%_@%_';
    SELECT RAISE(ABORT, 'blocked') WHERE NEW.blocked NOT IN (0, 1);
END;
CREATE TRIGGER c BEFORE INSERT ON item WHEN NEW.title IS NOT NULL AND replace(NEW.title, ' ', '') = '' BEGIN SELECT RAISE(ABORT, 'title'); END;
CREATE TRIGGER c2 BEFORE UPDATE ON item WHEN NEW.title IS NOT NULL AND replace(NEW.title, ' ', '') = '' BEGIN SELECT RAISE(ABORT, 'title'); END;
CREATE TRIGGER d BEFORE INSERT ON loan BEGIN
    SELECT RAISE(ABORT, 'blocked') FROM member WHERE id = NEW.member_id AND blocked;
    SELECT RAISE(ABORT, 'open') FROM loan WHERE NEW.returned IS NULL AND item_id = NEW.item_id AND returned IS NULL;
    SELECT RAISE(ABORT, 'three') WHERE NEW.returned IS NULL AND (SELECT COUNT(*) FROM loan WHERE member_id = NEW.member_id AND returned IS NULL) > 2;
END;
CREATE TRIGGER d2 BEFORE UPDATE ON loan BEGIN
    SELECT RAISE(ABORT, 'open') FROM loan WHERE NEW.returned IS NULL AND item_id = NEW.item_id AND returned IS NULL AND id <> OLD.id;
    SELECT RAISE(ABORT, 'final') WHERE OLD.returned IS NOT NULL AND (NEW.returned IS NULL OR NEW.returned <> OLD.returned);
END;
CREATE TRIGGER e AFTER UPDATE ON loan WHEN OLD.returned IS NULL AND NEW.returned IS NOT NULL
BEGIN INSERT INTO history (late, loan_id) VALUES (CASE WHEN NEW.due < NEW.returned THEN 1 ELSE 0 END, NEW.id); END;
CREATE TRIGGER f BEFORE DELETE ON member BEGIN
    SELECT RAISE(ABORT, 'open') FROM loan WHERE member_id = OLD.id AND returned IS NULL;
    DELETE FROM loan WHERE member_id = OLD.id;
END;
