CREATE UNIQUE INDEX members_login ON members(lower(login));
