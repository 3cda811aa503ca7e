-- q1: the account page
SELECT id, total FROM orders WHERE customer_id = ?1 ORDER BY placed_at DESC, id LIMIT 20;

-- q2: the dispatcher's list
SELECT id, customer_id FROM orders WHERE state = 'open' AND placed_at < ?1 ORDER BY placed_at;

-- q3: the dashboard
SELECT state, COUNT(*) FROM orders WHERE state IN ('open', 'held') AND placed_at >= ?1 GROUP BY state;

-- q4: the last order of a customer
SELECT MAX(placed_at) FROM orders WHERE customer_id = ?1;

-- q5: how much of an article is in which orders (the lines must not be read from the table itself)
SELECT order_id, SUM(qty) FROM lines WHERE sku = ?1 GROUP BY order_id;

-- q6: login
SELECT id FROM customers WHERE lower(email) = lower(?1);

-- q7: did this customer ever buy it?
SELECT EXISTS (SELECT 1 FROM orders o JOIN lines l ON l.order_id = o.id WHERE o.customer_id = ?1 AND l.sku = ?2);

-- q8: purging old orders finds their lines
SELECT id FROM lines WHERE order_id = ?1 ORDER BY id;
