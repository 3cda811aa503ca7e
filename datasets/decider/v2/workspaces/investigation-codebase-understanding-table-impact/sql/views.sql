CREATE VIEW stock AS SELECT p.id AS part_id, p.sku, COALESCE(SUM(b.qty), 0) AS qty FROM parts p LEFT JOIN bins b ON b.part_id = p.id GROUP BY p.id;
CREATE VIEW free_stock AS SELECT s.part_id, s.qty - COALESCE((SELECT SUM(r.qty) FROM reservations r WHERE r.part_id = s.part_id AND r.state = 'open'), 0) AS qty FROM stock s;
CREATE VIEW best_offer AS SELECT o.part_id, o.supplier_id, MIN(o.cents) AS cents FROM offers o JOIN suppliers u ON u.id = o.supplier_id WHERE u.blocked = 0 GROUP BY o.part_id;
