"""Pictures of pages: decoded, straightened, cleaned; what is done to the copy that is read."""
