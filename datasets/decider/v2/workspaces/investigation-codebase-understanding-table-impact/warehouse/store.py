def one(con, table, key, column="id"):
    return con.execute(f"SELECT * FROM {table} WHERE {column} = ?", (key,)).fetchone()


def move(con, bin_id, delta, reason):
    con.execute("INSERT INTO moves(bin_id, delta, reason) VALUES (?, ?, ?)", (bin_id, delta, reason))


def set_state(con, table, key, state):
    con.execute(f"UPDATE {table} SET state = ? WHERE id = ?", (state, key))
