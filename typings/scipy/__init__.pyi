# As much of SciPy as the checks need to know: it may be missing where they run.
from scipy import io as io
