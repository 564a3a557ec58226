// What the leases do in Redis, each in one step that nothing comes between. There is a sorted set of the nodes, each with
// the moment until which it lives, and for each node the set of the keys it holds. A key is held when a living node
// holds it. All of it expires by itself when no node is left to tidy up.

/** KEYS[1]: the nodes. ARGV: what stands before a node's own set, this node, its time to live in ms. */
const PRELUDE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local nodes, sets, me, ttl = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
  local keep = ttl * 120

  local function living(except)
    local found = {}
    for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes, '(' .. now, '+inf')) do
      if node ~= except then found[#found + 1] = node end
    end
    return found
  end

  local function holds(among, key)
    for _, node in ipairs(among) do
      if redis.call('SISMEMBER', sets .. node, key) == 1 then return true end
    end
    return false
  end

  local function live()
    redis.call('ZADD', nodes, now + ttl, me)
    redis.call('PEXPIRE', nodes, keep)
    redis.call('PEXPIRE', sets .. me, keep)
  end
`;

/** ARGV from 4: keys that this node holds from now on. Answers with those that nobody held before. */
export const HOLD = `${PRELUDE}
  local alive = living(nil)
  local first = {}
  for index = 4, #ARGV do
    if not holds(alive, ARGV[index]) then first[#first + 1] = ARGV[index] end
    redis.call('SADD', sets .. me, ARGV[index])
  end
  live()
  return first
`;

/** ARGV from 4: keys that this node holds no more. Answers with those that nobody holds now. */
export const LET_GO = `${PRELUDE}
  local others = living(me)
  local free = {}
  for index = 4, #ARGV do
    redis.call('SREM', sets .. me, ARGV[index])
    if not holds(others, ARGV[index]) then free[#free + 1] = ARGV[index] end
  end
  return free
`;

/**
 * This node lives on, and tidies up after those that don't. Answers with 1 when Redis knew it (else it has forgotten
 * what this node holds), and the keys that fell free.
 */
export const BEAT = `${PRELUDE}
  local known = redis.call('ZSCORE', nodes, me) and 1 or 0
  live()
  local alive = living(nil)
  local free = {}
  for _, node in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do
    for _, key in ipairs(redis.call('SMEMBERS', sets .. node)) do
      if not holds(alive, key) then free[#free + 1] = key end
    end
    redis.call('DEL', sets .. node)
    redis.call('ZREM', nodes, node)
  end
  return {known, free}
`;

/** ARGV from 4: keys. Answers for each with 1 when it is held, else 0. */
export const HELD = `${PRELUDE}
  local alive = living(nil)
  local answers = {}
  for index = 4, #ARGV do answers[index - 3] = holds(alive, ARGV[index]) and 1 or 0 end
  return answers
`;

/** This node dies in ARGV[3] ms, unless it is dead already. */
export const FADE = `${PRELUDE}
  redis.call('ZADD', nodes, 'XX', 'LT', now + ttl, me)
  return 0
`;
