"""Scores of other libraries on columns given as JSON on standard input: `python3 reference_scores.py scipy|evidently`."""

import json
import sys
from math import sqrt

import numpy as np


def scipy_scores(case):
    from scipy import stats
    from scipy.spatial import distance

    if case["kind"] == "numeric":
        reference, current = np.array(case["reference"]), np.array(case["current"])
        found = stats.ks_2samp(reference, current)
        asymptotic = stats.ks_2samp(reference, current, method="asymp")
        return {
            "ks": found.statistic,
            "ks_p": found.pvalue,
            "ks_p_asymptotic": asymptotic.pvalue,
            "wasserstein": stats.wasserstein_distance(reference, current) / np.std(reference),
        }
    names = sorted(set(case["reference"]) | set(case["current"]))
    reference = np.array([case["reference"].count(name) for name in names])
    current = np.array([case["current"].count(name) for name in names])
    p, q = reference / reference.sum(), current / current.sum()
    scores = {
        "jensenshannon": distance.jensenshannon(p, q, 2),
        "hellinger": np.linalg.norm(np.sqrt(p) - np.sqrt(q)) / sqrt(2),
        "total_variation": abs(p - q).sum() / 2,
        "l_infinity": abs(p - q).max(),
    }
    table = stats.chi2_contingency([reference, current], correction=False)
    if table.expected_freq.min() >= 5:
        scores |= {"chisquare": table.statistic, "chisquare_p": table.pvalue}
    if len(names) == 2:
        scores["exact_p"] = stats.fisher_exact([reference, current])[1]
    return scores


def evidently_scores(case):
    import pandas as pd
    from evidently.legacy.calculations import stattests
    from evidently.legacy.core import ColumnType

    reference, current = pd.Series(case["reference"]), pd.Series(case["current"])
    tests = {
        "numeric": ["ks", "wasserstein", "psi", "jensenshannon"],
        "categorical": ["psi", "jensenshannon", "hellinger", "chi", "z"],
    }
    functions = {
        "ks": stattests.ks_stat_test,
        "wasserstein": stattests.wasserstein_stat_test,
        "psi": stattests.psi_stat_test,
        "jensenshannon": stattests.jensenshannon_stat_test,
        "hellinger": stattests.hellinger_stat_test,
        "chi": stattests.chi_stat_test,
        "z": stattests.z_stat_test,
    }
    kind = ColumnType.Numerical if case["kind"] == "numeric" else ColumnType.Categorical
    values = set(case["reference"]) | set(case["current"])
    scores = {}
    for name in tests[case["kind"]]:
        if name == "z" and len(values) != 2:
            continue
        scores[name] = functions[name](reference, current, kind, 0.1).drift_score
    if case["kind"] == "numeric":
        edges = np.histogram_bin_edges(np.concatenate([reference, current]), bins="sturges")
        scores["bins"] = {
            "reference": np.histogram(reference, edges)[0].tolist(),
            "current": np.histogram(current, edges)[0].tolist(),
        }
    return scores


def metrics(rows):
    from sklearn import metrics as m

    truth, scores, predicted = rows["truth"], rows["scores"], rows["predicted"]
    target, amounts = rows["target"], rows["amounts"]
    return {
        "auc": m.roc_auc_score(truth, scores),
        "pr-auc": m.average_precision_score(truth, scores),
        "brier": m.brier_score_loss(truth, scores),
        "accuracy": m.accuracy_score(truth, predicted),
        "balanced-accuracy": m.balanced_accuracy_score(truth, predicted),
        "precision": m.precision_score(truth, predicted),
        "recall": m.recall_score(truth, predicted),
        "f1": m.f1_score(truth, predicted),
        "mcc": m.matthews_corrcoef(truth, predicted),
        "log-loss": m.log_loss(truth, scores),
        "rmse": m.root_mean_squared_error(target, amounts),
        "mae": m.mean_absolute_error(target, amounts),
        "median-error": m.median_absolute_error(target, amounts),
        "mape": m.mean_absolute_percentage_error(target, amounts),
        "r2": m.r2_score(target, amounts),
    }


def main():
    given = json.load(sys.stdin)
    scores = {"scipy": scipy_scores, "evidently": evidently_scores}[sys.argv[1]]
    answer = {"cases": [scores(case) for case in given["cases"]]}
    if sys.argv[1] == "scipy":
        answer["metrics"] = metrics(given["rows"])
    json.dump(answer, sys.stdout, default=float)


main()
