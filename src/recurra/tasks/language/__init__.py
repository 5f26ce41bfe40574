"""Language models: of characters, words or byte pairs; they measure a text's surprise and write texts of their own."""
