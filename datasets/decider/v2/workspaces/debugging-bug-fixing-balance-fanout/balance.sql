SELECT c.name AS customer,
       SUM(l.amount_cents) - SUM(p.amount_cents) AS balance_cents
FROM customer c
LEFT JOIN invoice i ON i.customer_id = c.id
LEFT JOIN invoice_line l ON l.invoice_id = i.id
LEFT JOIN payment p ON p.invoice_id = i.id
WHERE i.void = 0
GROUP BY c.name
ORDER BY balance_cents DESC, c.name
