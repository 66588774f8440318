#include "base/load.h"

#include "base/stopwatch.h"

#include <math.h>

/* The first bucket ends here: 2^-16 is 40 ns of a period of 128 frames. */
static const double least = 1.0 / 65536;

void load_clear(struct load_meter *meter)
{
    for (int i = 0; i < LOAD_BUCKETS; i++)
        atomic_store_explicit(&meter->counts[i], 0, memory_order_relaxed);
    atomic_store(&meter->over, 0);
    atomic_store(&meter->most, 0);
}

static int bucket_of(double share)
{
    if (!(share > least))
        return 0;
    double place = ceil(LOAD_PARTS * log2(share / least));
    return place < LOAD_BUCKETS - 1 ? (int)place : LOAD_BUCKETS - 1;
}

/* The largest share that a bucket holds. */
static double end_of(int bucket)
{
    return least * exp2((double)bucket / LOAD_PARTS);
}

void load_count(struct load_meter *meter, double share)
{
    atomic_fetch_add_explicit(&meter->counts[bucket_of(share)], 1, memory_order_relaxed);
    if (share > 1)
        atomic_fetch_add_explicit(&meter->over, 1, memory_order_relaxed);
    if (share > atomic_load_explicit(&meter->most, memory_order_relaxed))
        atomic_store_explicit(&meter->most, (float)share, memory_order_relaxed);
}

static double quantile(const unsigned counts[LOAD_BUCKETS], unsigned total, double share,
                       double most)
{
    double wanted = ceil(share * total), sum = 0;
    for (int i = 0; i < LOAD_BUCKETS; i++)
        if ((sum += counts[i]) >= wanted)
            return fmin(end_of(i), most);
    return most;
}

struct load load_read(struct load_meter *meter)
{
    unsigned counts[LOAD_BUCKETS], total = 0;
    for (int i = 0; i < LOAD_BUCKETS; i++)
        total += counts[i] = atomic_load_explicit(&meter->counts[i], memory_order_relaxed);
    if (total == 0)
        return (struct load){0};
    double most = atomic_load(&meter->most);
    return (struct load){.count = total,
                         .over = atomic_load(&meter->over),
                         .p50 = quantile(counts, total, 0.5, most),
                         .p99 = quantile(counts, total, 0.99, most),
                         .max = most};
}

void load_watch_clear(struct load_watch *watch)
{
    load_clear(&watch->work);
    load_clear(&watch->late);
}

void load_turn_begins(struct load_watch *watch)
{
    watch->begun_ns = stopwatch_ns();
}

void load_turn_ends(struct load_watch *watch, double period_s)
{
    double period_ns = 1e9 * period_s;
    if (watch->due_ns)
        load_count(&watch->late, (double)(watch->begun_ns - watch->due_ns) / period_ns);
    load_count(&watch->work, (double)(stopwatch_ns() - watch->begun_ns) / period_ns);
    watch->due_ns = watch->begun_ns + (int64_t)period_ns;
}
