"""Prints the flowers as CSV."""

from sklearn.datasets import load_iris

flowers = load_iris(as_frame=True)
table = flowers.frame.rename(columns=lambda name: name.replace(" (cm)", "").replace(" ", "_"))
names = flowers.target_names[table.pop("target")]
print(table.assign(species=names).to_csv(index=False), end="")
