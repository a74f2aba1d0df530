/* What the parts of the load generator share. */
#ifndef LOAD_H
#define LOAD_H
#include <stddef.h>
#include <stdint.h>

enum dialect { PLAIN, RICH, IRC, REDIS, NATS, DIALECTS };
enum state { CONNECTING, GREETING, INSIDE, DEAD };

struct bytes {
    char *data;
    size_t start, end, capacity;
};

struct peer {
    int fd, index;
    int sender;      /* its number among the senders, or -1 */
    uint8_t state, is_member, waits_to_write;
    int known;       /* how many nicks its list of members has (rich) */
    int awaited;     /* so many rooms it has still to come into */
    uint64_t order;  /* a hash of all that it read, in order */
    struct bytes in, out;
};

struct options {
    enum dialect dialect;
    const char *mode, *prefix;
    int port, members, senders, window, size, at_once, core, server;
    int rooms, room_size; /* beside the one that all are in: how many, and how many members each has */
    double seconds, warm_up, rate, patience;
};

/* load.c */
extern struct options opt;
extern char problem[160];
void note_problem(const char *text, size_t length);
void came_in(struct peer *peer);
int is_in(const struct peer *peer, int room);
int room_of(int sender);
void list_changed(struct peer *peer, int by);
void delivered(struct peer *peer, const char *payload);

/* connection.c */
extern uint64_t bytes_read;
extern int64_t last_read;
int64_t now_ns(void);
void open_poll(void);
void poll_once(int64_t timeout_ns);
void connect_peer(struct peer *peer);
void kill_peer(struct peer *peer);
void put(struct peer *peer, const void *data, size_t length);
void flush(struct peer *peer);
void died(struct peer *peer); /* in load.c */

/* dialects.c */
extern const char *dialect_names[DIALECTS];
int echoes(enum dialect dialect);
void greet(struct peer *peer);
void read_line(struct peer *peer, const char *line, size_t length);
void put_message(struct peer *peer, const char *payload, uint32_t seq);

/* figures.c */
struct histogram {
    uint64_t counts[64 * 64], total;
};
void record(struct histogram *histogram, int64_t ns);
double quantile_ms(const struct histogram *histogram, double q);
double cpu_seconds(int pid); /* 0 for this process */
#define HEADER 33 /* ~M SSSS . QQQQQQQQ . TTTTTTTTTTTTTTTT ~ */
void write_payload(char *to, int size, int sender, uint32_t seq, int64_t at);
int read_payload(const char *from, int *sender, uint32_t *seq, int64_t *at);
#endif
