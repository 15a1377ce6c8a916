"""The only bridge between Flask and the concepts: context, guards, errors, forms, formats, assets."""
