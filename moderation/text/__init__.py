"""Text as it is typed -> tokens that know where they stand, in plain spelling and in classes of words."""
