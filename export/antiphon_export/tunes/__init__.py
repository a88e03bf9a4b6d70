"""A network of characters made into a model file, and what it writes measured."""
