"""The local classifier: TF-IDF and linear models, in the process, without network.

Needs numpy (the extra `local`); training, in `training`, needs scikit-learn as well.
"""

from routelab.classifier.local.predict import LocalClassifier

__all__ = ["LocalClassifier"]
