/* Histograms, processor time, and the payload that every message carries. */
#define _GNU_SOURCE
#include "load.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* 64 steps per power of two: an error below 1.6 %. */
static int step_of(uint64_t value) {
    if (value < 64) return (int)value;
    int exponent = 63 - __builtin_clzll(value);
    return ((exponent - 5) << 6) | (int)((value >> (exponent - 6)) & 63);
}

static double value_of(int step) {
    if (step < 64) return step;
    int exponent = (step >> 6) + 5;
    return (double)((1ULL << exponent) + ((uint64_t)(step & 63) << (exponent - 6)));
}

void record(struct histogram *histogram, int64_t ns) {
    histogram->counts[step_of((uint64_t)ns)]++;
    histogram->total++;
}

double quantile_ms(const struct histogram *histogram, double q) {
    uint64_t wanted = (uint64_t)(q * (double)histogram->total), passed = 0;
    for (int step = 0; step < 64 * 64; step++) {
        passed += histogram->counts[step];
        if (passed > wanted) return value_of(step) / 1e6;
    }
    return 0;
}

double cpu_seconds(int pid) {
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &time)) return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void write_hex(char *to, uint64_t value, int digits) {
    while (digits--) {
        to[digits] = "0123456789abcdef"[value & 15];
        value >>= 4;
    }
}

static int64_t read_hex(const char *from, int digits) {
    static int8_t values[256];
    if (!values['1']) {
        memset(values, -1, sizeof values);
        for (int i = 0; i < 16; i++) values[(uint8_t)"0123456789abcdef"[i]] = (int8_t)i;
    }
    uint64_t value = 0;
    int all = 0;
    for (int i = 0; i < digits; i++) {
        int digit = values[(uint8_t)from[i]];
        all |= digit;
        value = value << 4 | (digit & 15);
    }
    return all < 0 ? -1 : (int64_t)value;
}

void write_payload(char *to, int size, int sender, uint32_t seq, int64_t at) {
    memset(to, 'x', (size_t)size);
    memcpy(to, "~M", 2);
    write_hex(to + 2, (uint64_t)sender, 4);
    to[6] = '.';
    write_hex(to + 7, seq, 8);
    to[15] = '.';
    write_hex(to + 16, (uint64_t)at, 16);
    to[HEADER - 1] = '~';
    to[size - 1] = '$';
}

int read_payload(const char *from, int *sender, uint32_t *seq, int64_t *at) {
    int64_t who = read_hex(from + 2, 4), number = read_hex(from + 7, 8), when = read_hex(from + 16, 16);
    *sender = (int)who;
    *seq = (uint32_t)number;
    *at = when;
    return who >= 0 && number >= 0 && when >= 0;
}
