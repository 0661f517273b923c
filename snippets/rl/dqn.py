"""Deep Q-learning: a pole balanced, and what the replay buffer and the target network are for."""

import contextlib

# --8<-- [start:random]
import gymnasium
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

env = gymnasium.make("CartPole-v1")
env.action_space.seed(0)
lengths = []
for episode in range(200):
    observation, info = env.reset(seed=episode)
    steps, over = 0, False
    while not over:
        action = env.action_space.sample()
        observation, reward, terminated, truncated, info = env.step(action)
        steps += reward
        over = terminated or truncated
    lengths.append(steps)
print("random agent:", np.mean(lengths), "steps, best", max(lengths))
# --8<-- [end:random]


# --8<-- [start:draw]
def draw(observations, times, title):
    """The cart and its pole at some moments of an episode."""
    figure, axes = plt.subplots(
        1, len(times), figsize=(7, 1.5), layout="constrained", sharey=True
    )
    for axis, time in zip(axes, times, strict=True):
        position, _, angle, _ = observations[time]
        axis.add_patch(plt.Rectangle((position - 0.4, -0.25), 0.8, 0.25))
        tip = position + 1.2 * np.sin(angle), 1.2 * np.cos(angle)
        axis.plot([position, tip[0]], [0, tip[1]], color="tab:orange", lw=4)
        axis.axhline(-0.25, color="gray", lw=1)
        axis.set(xlim=(-2.4, 2.4), ylim=(-0.4, 1.5), yticks=[], xticks=[-2, 2])
        axis.set_title(f"step {time}", fontsize=8)
        axis.set_aspect("equal")
    figure.suptitle(title, fontsize=9)


# --8<-- [end:draw]
# --8<-- [start:fall]
observation, _ = env.reset(seed=1)
seen, over = [observation], False
while not over:
    observation, _, over, _, _ = env.step(1)
    seen.append(observation)
draw(seen, [0, 3, 6, len(seen) - 1], "always to the right")
print("steps:", len(seen) - 1)
print("pole at the end:", f"{np.degrees(seen[-1][2]):.1f} degrees")
# --8<-- [end:fall]

with contextlib.suppress(ValueError):
    # --8<-- [start:old-api]
    env.reset(seed=0)
    observation, reward, done, info = env.step(1)
    # --8<-- [end:old-api]

# --8<-- [start:side-by-side]
three = gymnasium.make_vec(
    "CartPole-v1", num_envs=3, vectorization_mode="vector_entry_point"
)
observations, _ = three.reset(seed=0)
print("observations", observations.shape, observations.dtype)
for step in range(1, 13):
    observations, rewards, terminated, truncated, _ = three.step(
        np.ones(3, int)
    )
    if terminated.any() or not rewards.all():
        print(f"step {step:2}", "over", terminated, "rewards", rewards)
# --8<-- [end:side-by-side]

# --8<-- [start:discount]
gamma = 0.99
rewards = np.ones(9)
by_sum = np.sum(gamma ** np.arange(9) * rewards)
backwards = 0.0
for reward in rewards[::-1]:
    backwards = reward + gamma * backwards
print("by the sum ", round(by_sum, 6))
print("backwards  ", round(backwards, 6))
print("without end", round(1 / (1 - gamma), 6))
# --8<-- [end:discount]


# --8<-- [start:network]
def new_networks(agents, width=64):
    """Weights and biases of as many networks, the agent as first axis."""
    sizes = [4, width, width, 2]
    values = []
    for rows, columns in zip(sizes, sizes[1:], strict=False):
        limit = np.sqrt(6 / (rows + columns))
        kernel = tf.random.uniform([agents, rows, columns], -limit, limit)
        values += [
            tf.Variable(kernel),
            tf.Variable(tf.zeros([agents, 1, columns])),
        ]
    return values


def q_values(networks, observations):
    """[agents, n, 4] to [agents, n, 2]: what each action is worth."""
    w1, b1, w2, b2, w3, b3 = networks
    hidden = tf.nn.relu(observations @ w1 + b1)
    hidden = tf.nn.relu(hidden @ w2 + b2)
    return hidden @ w3 + b3


# --8<-- [end:network]
# --8<-- [start:same]
tf.keras.utils.set_random_seed(0)
networks = new_networks(agents=5)
batch = tf.random.normal([5, 7, 4])
together = q_values(networks, batch)

layers = tf.keras.layers
third = tf.keras.Sequential(
    [
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(2),
    ]
)
third.build([None, 4])
third.set_weights([tf.squeeze(value[2]).numpy() for value in networks])
print(together.shape, np.allclose(together[2], third(batch[2]), atol=1e-5))
# --8<-- [end:same]


# --8<-- [start:buffer]
class Buffer:
    """The last transitions of each agent, the oldest overwritten."""

    def __init__(self, agents, capacity=20_000):
        self.kept = {
            "state": np.zeros([agents, capacity, 4], "float32"),
            "action": np.zeros([agents, capacity], "int64"),
            "next": np.zeros([agents, capacity, 4], "float32"),
            "end": np.zeros([agents, capacity], "float32"),
        }
        self.count = np.zeros(agents, int)
        self.capacity = capacity

    def add(self, valid, **transitions):
        """Arrays [agents, environments, …]; only the valid ones are kept."""
        agent, _ = np.nonzero(valid)
        place = (self.count[:, None] + np.cumsum(valid, axis=1) - 1)[valid]
        for name, values in transitions.items():
            self.kept[name][agent, place % self.capacity] = values[valid]
        self.count += valid.sum(axis=1)

    def take(self, places):
        """The transitions at places [agents, n]."""
        agent = np.arange(len(places))[:, None]
        return {name: kept[agent, places] for name, kept in self.kept.items()}

    def sample(self, n, rng, latest):
        """n at random; for the agents of whom it is asked, the n latest."""
        filled = np.minimum(self.count, self.capacity)[:, None]
        random = rng.integers(0, filled, [len(filled), n])
        last = (self.count[:, None] - 1 - np.arange(n)) % self.capacity
        return self.take(np.where(latest[:, None], last, random))


# --8<-- [end:buffer]

# --8<-- [start:neighbours]
angles = []
for seed in range(50):
    observation, _ = env.reset(seed=seed)
    over = False
    while not over:
        angles.append(observation[2])
        observation, _, over, _, _ = env.step(env.action_space.sample())
shuffled = np.random.default_rng(0).permutation(angles)
print("in order:", f"{np.corrcoef(angles[:-1], angles[1:])[0, 1]:.2f}")
print("shuffled:", f"{np.corrcoef(shuffled[:-1], shuffled[1:])[0, 1]:.2f}")
# --8<-- [end:neighbours]

# --8<-- [start:learn]
SCALE = np.array([2.4, 2.5, 0.21, 2.5], "float32")
with_target = tf.constant([True, True, False, False] * 3)
latest_only = np.array([False, True, False, True] * 3)
agents = len(latest_only)


def targets(networks, slow, batch):
    """Reward plus what the better action in the next state is worth."""
    online = q_values(networks, batch["next"])
    judge = tf.where(
        with_target[:, None, None], q_values(slow, batch["next"]), online
    )
    best = tf.argmax(online, axis=-1)
    return 1 + gamma * (1 - batch["end"]) * tf.gather(judge, best, batch_dims=2)


@tf.function
def learn(networks, slow, optimizer, batch):
    goal = targets(networks, slow, batch)
    with tf.GradientTape() as tape:
        q = q_values(networks, batch["state"])
        q = tf.gather(q, batch["action"], batch_dims=2)
        error = tf.keras.losses.huber(goal[..., None], q[..., None])
        loss = tf.reduce_sum(tf.reduce_mean(error, axis=1))
    gradients = tape.gradient(loss, networks)
    optimizer.apply_gradients(zip(gradients, networks, strict=True))
    for old, new in zip(slow, networks, strict=True):
        old.assign_add(0.005 * (new - old))
    return tf.reduce_mean(goal, axis=1)


@tf.function
def greedy(networks, observations):
    return tf.argmax(q_values(networks, observations), axis=-1)


# --8<-- [end:learn]


# --8<-- [start:evaluate]
def vector(number):
    return gymnasium.make_vec(
        "CartPole-v1", num_envs=number, vectorization_mode="vector_entry_point"
    )


def evaluate(networks, episodes, seed):
    """Steps [agents, episodes] until the pole falls, without chance moves."""
    agents = networks[0].shape[0]
    envs = vector(agents * episodes)
    observations, _ = envs.reset(seed=seed)
    steps = np.zeros(agents * episodes, int)
    alive = np.ones(agents * episodes, bool)
    while alive.any():
        state = (observations / SCALE).astype("float32")
        actions = greedy(networks, state.reshape(agents, episodes, 4))
        observations, _, end, cut, _ = envs.step(actions.numpy().ravel())
        steps += alive
        alive &= ~(end | cut)
    return steps.reshape(agents, episodes)


# --8<-- [end:evaluate]


# --8<-- [start:train]
def train(updates=2100, environments=16, seed=0):
    """Trains all agents; returns evaluations, targets and the best networks."""
    tf.keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    networks = new_networks(agents)
    slow = [tf.Variable(value) for value in networks]
    best = [value.numpy() for value in networks]
    rate = tf.keras.optimizers.schedules.CosineDecay(0.008, updates)
    optimizer = tf.keras.optimizers.Adam(rate)
    optimizer.build(networks)
    buffer, envs = Buffer(agents), vector(agents * environments)
    shape = agents, environments
    state = (envs.reset(seed=seed)[0] / SCALE).reshape(*shape, 4)
    fresh = np.zeros(shape, bool)
    scores, goals, record = [], [], np.zeros(agents)
    for update in range(updates):
        chance = rng.random(shape) < max(0.05, 1 - update / 600)
        action = greedy(networks, state.astype("float32")).numpy()
        action = np.where(chance, rng.integers(0, 2, shape), action)
        after, _, end, cut, _ = envs.step(action.ravel())
        after = (after / SCALE).reshape(*shape, 4)
        end, cut = end.reshape(shape), cut.reshape(shape)
        buffer.add(~fresh, state=state, action=action, next=after, end=end)
        state, fresh = after, end | cut
        if update < 100:
            continue
        batch = buffer.sample(64, rng, latest_only)
        goal = learn(networks, slow, optimizer, batch)
        if update % 150 == 149:
            goals.append(goal.numpy())
            scores.append(evaluate(networks, 8, seed=1000).mean(axis=1))
            better = scores[-1] > record
            record = np.maximum(record, scores[-1])
            for kept, value in zip(best, networks, strict=True):
                kept[better] = value.numpy()[better]
    return np.array(scores), np.array(goals), best


scores, goals, best = train()
print("evaluations of", scores.shape[1], "agents:", len(scores))
# --8<-- [end:train]

# --8<-- [start:curves]
names = ["both", "no replay", "no target", "neither"]
figure, axes = plt.subplots(
    1, 4, figsize=(7, 2.2), layout="constrained", sharey=True
)
updates = np.arange(1, len(scores) + 1) * 150
for number, (axis, name) in enumerate(zip(axes, names, strict=True)):
    axis.plot(updates, scores[:, number::4], lw=1.2)
    axis.axhline(475, color="gray", ls=":", lw=1)
    axis.set(title=name, yscale="log", ylim=(5, 700), xlim=(0, 2200))
    axis.set(xticks=[0, 1000, 2000], yticks=[10, 100, 500])
    axis.set_yticklabels(["10", "100", "500"])
    axis.minorticks_off()
axes[0].set(ylabel="steps")
figure.supxlabel("updates", fontsize=9)
# --8<-- [end:curves]

# --8<-- [start:table]
print("            best  last    mean target, at its highest")
for number, name in enumerate(names):
    three_agents = scores[:, number::4]
    top = goals[:, number::4].max()
    print(
        f"{name:10}  {three_agents.max():4.0f}  {three_agents[-1].mean():4.0f}"
        f"    {top:.0f}"
    )
# --8<-- [end:table]

# --8<-- [start:bound]
for number, name in enumerate(names):
    top = goals[:, number::4].max()
    print(f"{name:10} targets above 1 / (1 - gamma):", top > 1 / (1 - gamma))
# --8<-- [end:bound]

# --8<-- [start:kept]
steps = evaluate(best, 100, seed=5000)[::4]
for agent, row in enumerate(steps):
    print(f"agent {agent}: mean {row.mean():.0f}, worst {row.min()}")
# --8<-- [end:kept]

# --8<-- [start:balance]
winner = 4 * int(np.argmax(steps.mean(axis=1)))
alone = [tf.constant(value[winner : winner + 1]) for value in best]
observation, _ = env.reset(seed=1)
seen, over = [observation], False
while not over:
    state = tf.constant((observation / SCALE).astype("float32"))[None, None]
    action = int(greedy(alone, state)[0, 0])
    observation, _, end, cut, _ = env.step(action)
    seen.append(observation)
    over = end or cut
figure, axis = plt.subplots(figsize=(7, 2), layout="constrained")
axis.plot([state[0] for state in seen], label="cart")
axis.plot([state[2] * 10 for state in seen], lw=0.8, label="10 × angle (rad)")
axis.set(xlabel="step", xlim=(0, 500), ylim=(-2.4, 2.4), yticks=[-2, 0, 2])
axis.set(xticks=range(0, 501, 100))
axis.legend(fontsize=8, loc="upper right")
print("ended by the time limit:", cut)
# --8<-- [end:balance]

# --8<-- [start:limit]
value_next = 95.0
for case, end, cut in (("fell", 1, 0), ("time limit", 0, 1)):
    right = 1 + gamma * (1 - end) * value_next
    wrong = 1 + gamma * (1 - max(end, cut)) * value_next
    print(f"{case:10} by terminated {right:.2f}   by either {wrong:.2f}")
# --8<-- [end:limit]

# --8<-- [start:double]
rng = np.random.default_rng(0)
first, second = rng.normal(size=[2, 10_000, 5])
print("maximum:", f"{first.max(axis=1).mean():.2f}")
chosen = first.argmax(axis=1)
print("double: ", f"{second[np.arange(10_000), chosen].mean():.2f}")
# --8<-- [end:double]

# --8<-- [start:exploring]
chances = np.maximum(0.05, 1 - np.arange(2100) / 600)
print(f"{chances.mean():.0%} of all moves by chance")
print("first 600 updates:", f"{chances[:600].mean():.0%}")
print("steps seen by one agent:", 2100 * 16)
# --8<-- [end:exploring]
