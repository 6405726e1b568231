"""Items, forms, answers, marks and the estimates drawn from them."""
