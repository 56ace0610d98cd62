"""Objects, the OCFL layout, the database and the warehouse."""
