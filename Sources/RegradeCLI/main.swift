print("regrade")
