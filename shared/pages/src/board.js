// The script of pages of figures.
