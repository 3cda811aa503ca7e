def serve(port):
    return f"listening on {port}"
