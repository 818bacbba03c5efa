"""PyTorch on one thread trains the point network of lib/point-network.ts: the same shapes, batch, draws and optimiser.

Reads lines of milliseconds, and answers each with the steps a second that it has made for about so long. Debian and
Ubuntu have it as python3-torch. Started by `npm run bench -- --torch`.
"""

import math
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(0)

BATCH, WIDTH, TIMES, FREQUENCIES = 512, 128, 1000, 16
beta = torch.linspace(1e-4, 0.02, TIMES, dtype=torch.float64)
alpha_bar = torch.cumprod(1 - beta, 0)
signal, noise = alpha_bar.sqrt().float(), (1 - alpha_bar).sqrt().float()
frequencies = torch.exp(torch.linspace(math.log(1), math.log(30), FREQUENCIES))

net = torch.nn.Sequential(
    torch.nn.Linear(2 + 2 * FREQUENCIES, WIDTH), torch.nn.ReLU(),
    torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(),
    torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU(),
    torch.nn.Linear(WIDTH, 2),
)
weights = list(net.parameters())
average = [w.detach().clone() for w in weights]
adam = torch.optim.Adam(weights, lr=3e-3, betas=(0.9, 0.99), eps=1e-7)


def moons(count):
    angle = math.pi * torch.rand(count)
    upper = (torch.arange(count) % 2).bool()
    x = torch.where(upper, angle.cos(), 1 - angle.cos()) - 0.5
    y = torch.where(upper, angle.sin(), 0.5 - angle.sin()) - 0.25
    return torch.stack([x, y], 1) + 0.07 * torch.randn(count, 2)


def step():
    t = ((torch.arange(BATCH) + torch.rand(BATCH)) / BATCH * TIMES).long()  # one of each slice of the chain
    x0, epsilon = moons(BATCH), torch.randn(BATCH, 2)
    a, b = signal[t, None], noise[t, None]
    phase = ((t.float() + 1) / TIMES)[:, None] * frequencies
    x = torch.cat([a * x0 + b * epsilon, phase.sin(), phase.cos()], 1)
    loss = (net(x) - (a * epsilon - b * x0)).square().mean()
    adam.zero_grad()
    loss.backward()
    adam.step()
    with torch.no_grad():
        for mean, w in zip(average, weights):
            mean.lerp_(w, 0.01)


def run(seconds):
    count, start = 0, time.perf_counter()
    while True:
        step()
        count += 1
        passed = time.perf_counter() - start
        if passed >= seconds:
            return count / passed


run(0.3)
with open("/proc/self/maps") as maps:
    blas = "OpenBLAS" if "openblas" in maps.read() else "reference BLAS, which is slow: install libopenblas0"
print(f"PyTorch {torch.__version__}, one thread, {blas}", flush=True)
for line in sys.stdin:
    print(run(float(line) / 1000), flush=True)
