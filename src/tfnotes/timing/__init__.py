"""Measuring how long a call takes, so that the figure can be believed.

What can go wrong, and what is done about it:

* The first call traces, compiles and allocates: it is timed apart and never mixed with the rest.
* A GPU works on after the call has returned. The clock stops only when the device has finished:
  after each sample ``tf.test.experimental.sync_devices`` is awaited, which TensorFlow provides for
  benchmarks. At the end one element of a result is fetched; if that takes as long as the work
  itself, the waiting did not wait and ``measure`` raises instead of returning a wrong figure.
* A call of microseconds is shorter than the clock is exact: it is repeated back to back until a
  sample lasts ``SHORTEST`` seconds, and awaited once. On a GPU that is throughput, not latency.
* One figure says nothing of its own error: a result has median, quartiles and number of samples.
"""

from tfnotes.timing.benchmark import Benchmark, Case
from tfnotes.timing.measurement import devices, measure, wait_for
from tfnotes.timing.result import Timing
from tfnotes.timing.small import is_small, sizes

__all__ = ["Benchmark", "Case", "Timing", "devices", "is_small", "measure", "sizes", "wait_for"]
