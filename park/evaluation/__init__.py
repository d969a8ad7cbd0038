"""亩均效益评价: a scheme of weighted indicators, the score of each enterprise by it, and its grade.

Pure: what is scored is handed in, and the same input gives the same result whoever asks and in whatever order.
"""
