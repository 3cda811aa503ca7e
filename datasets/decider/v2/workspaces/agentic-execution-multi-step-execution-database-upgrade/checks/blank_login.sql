SELECT id FROM members WHERE trim(login) = '';
