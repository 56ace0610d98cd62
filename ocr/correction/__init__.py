"""What Vietnamese and the forms say about words that were read with doubt."""
