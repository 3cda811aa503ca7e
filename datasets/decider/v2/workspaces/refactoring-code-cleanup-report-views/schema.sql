-- Tables as the shop fills them, and the views of the reports.
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT);
CREATE TABLE sale (
    id INTEGER PRIMARY KEY, customer INTEGER, day TEXT NOT NULL, cents INTEGER NOT NULL,
    state TEXT, kind TEXT NOT NULL, rebate INTEGER);

-- revenue of each customer; customers without sales have 0
CREATE VIEW customer_revenue AS
SELECT customer.id AS customer, customer.name AS name,
       coalesce(sum(CASE WHEN sale.kind = 'gift' THEN 0
                         WHEN sale.kind = 'return' THEN -sale.cents
                         ELSE sale.cents - coalesce(sale.rebate, 0) END), 0) AS cents
FROM customer LEFT JOIN sale ON sale.customer = customer.id AND sale.state <> 'cancelled'
GROUP BY customer.id;

-- revenue of each month, of all sales with or without a customer
CREATE VIEW month_revenue AS
SELECT substr(sale.day, 1, 7) AS month,
       sum(CASE WHEN sale.kind = 'gift' THEN 0
                WHEN sale.kind = 'return' THEN -sale.cents
                ELSE sale.cents - coalesce(sale.rebate, 0) END) AS cents,
       count(*) AS sales
FROM sale
WHERE sale.state IS NOT 'cancelled'
GROUP BY substr(sale.day, 1, 7);

-- revenue of each country; unknown countries are '?'
CREATE VIEW country_revenue AS
SELECT coalesce(customer.country, '?') AS country,
       sum(CASE WHEN sale.kind = 'gift' THEN 0
                WHEN sale.kind = 'return' THEN -sale.cents
                ELSE sale.cents - coalesce(sale.rebate, 0) END) AS cents
FROM sale JOIN customer ON customer.id = sale.customer
WHERE sale.state <> 'cancelled'
GROUP BY coalesce(customer.country, '?');

-- the days with more revenue than 100 EUR, cancelled sales included (they are checked by hand)
CREATE VIEW big_day AS
SELECT sale.day AS day,
       sum(CASE WHEN sale.kind = 'gift' THEN 0
                WHEN sale.kind = 'return' THEN -sale.cents
                ELSE sale.cents - coalesce(sale.rebate, 0) END) AS cents
FROM sale
GROUP BY sale.day
HAVING sum(CASE WHEN sale.kind = 'gift' THEN 0
                WHEN sale.kind = 'return' THEN -sale.cents
                ELSE sale.cents - coalesce(sale.rebate, 0) END) > 10000;

-- the last sale of each customer that brought money; of two on one day the one with the higher id
CREATE VIEW last_sale AS
SELECT s.customer AS customer, s.id AS sale,
       (CASE WHEN s.kind = 'gift' THEN 0
             WHEN s.kind = 'return' THEN -s.cents
             ELSE s.cents - coalesce(s.rebate, 0) END) AS cents
FROM sale AS s
WHERE s.state IS NOT 'cancelled' AND s.customer IS NOT NULL
  AND (CASE WHEN s.kind = 'gift' THEN 0
            WHEN s.kind = 'return' THEN -s.cents
            ELSE s.cents - coalesce(s.rebate, 0) END) > 0
  AND NOT EXISTS (
    SELECT 1 FROM sale AS t
    WHERE t.customer = s.customer AND t.state IS NOT 'cancelled'
      AND (CASE WHEN t.kind = 'gift' THEN 0
                WHEN t.kind = 'return' THEN -t.cents
                ELSE t.cents - coalesce(t.rebate, 0) END) > 0
      AND (t.day > s.day OR (t.day = s.day AND t.id > s.id)));
