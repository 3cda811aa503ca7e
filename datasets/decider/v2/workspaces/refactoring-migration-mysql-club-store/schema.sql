CREATE TABLE member (
    id INT AUTO_INCREMENT PRIMARY KEY,
    email VARCHAR(40) NOT NULL UNIQUE,
    first VARCHAR(20) NOT NULL,
    last VARCHAR(20) NOT NULL,
    street VARCHAR(40),
    town VARCHAR(20),
    plan ENUM('trial', 'basic', 'plus', 'gold', 'away') NOT NULL DEFAULT 'trial',
    source VARCHAR(20),
    sponsor_id INT,
    joined DATE NOT NULL,
    paid_until DATE,
    balance INT NOT NULL DEFAULT 0,
    state VARCHAR(10) NOT NULL DEFAULT 'open',
    changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    FOREIGN KEY (sponsor_id) REFERENCES member (id) ON DELETE SET NULL
) ENGINE=InnoDB;

CREATE TABLE visits (
    member_id INT NOT NULL,
    month CHAR(7) NOT NULL,
    visits INT NOT NULL,
    free INT NOT NULL DEFAULT 0,
    last_day DATE NOT NULL,
    PRIMARY KEY (member_id, month),
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE
) ENGINE=InnoDB;

CREATE TABLE waiting (
    course VARCHAR(20) NOT NULL,
    pos INT NOT NULL,
    member_id INT NOT NULL,
    UNIQUE KEY (course, pos),
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE
) ENGINE=InnoDB;
