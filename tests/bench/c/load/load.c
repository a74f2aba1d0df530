/* A load generator: one process that plays all members of a chat, and prints one line of JSON.
 *
 * load -D plain|rich|irc|redis|nats -M saturate|paced|hold [options]
 *   saturate  each sender has a window of messages in flight; one is done when every member has it
 *   paced     messages at a steady rate, one sender after the other
 *   hold      the members only come in, and stay until the process is ended
 *
 * With rooms (-R), each has some of the members (-S), who are in the first room too, and all talk is in those rooms.
 * Every message carries its sender, its number and the moment at which it was sent. So what is measured is the way
 * from end to end, and that nothing is lost or repeated, and that all saw one order. */
#define _GNU_SOURCE
#include "load.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define RING 65536u /* more messages than any sender has in flight */
#define QUIET_NS 300000000LL

struct options opt = {.mode = "saturate", .prefix = "u", .port = 9000, .members = 100, .senders = 10, .window = 10,
                      .size = 100, .at_once = 64, .core = -1, .seconds = 5, .warm_up = 1, .rate = 20, .patience = 60};
char problem[160];
static struct peer *peers, **senders;
static int peer_count, inside, failed, lost_peers, members_inside, lists_right;
static uint32_t *sent, *done, *arrived, *last;
static int *room_inside;
static uint64_t received, counted, repeated;
static int64_t measure_from, measure_to, opened_at, inside_at, lists_at;
static uint64_t entry_bytes;
static struct histogram latencies;

void note_problem(const char *text, size_t length) {
    if (*problem) return;
    snprintf(problem, sizeof problem, "%.*s", (int)length, text);
    for (char *at = problem; *at; at++)
        if (*at == '"' || *at == '\\' || (uint8_t)*at < 32) *at = '\'';
}

/* The rooms begin at even distances around the members, and overlap if they have to. */
int is_in(const struct peer *peer, int room) {
    int first = (int)((long)room * opt.members / opt.rooms);
    return peer->is_member && (peer->index - first + opt.members) % opt.members < opt.room_size;
}

int room_of(int sender) {
    return (int)((long)sender * opt.rooms / opt.senders);
}

static void count_member(const struct peer *peer, int by) {
    members_inside += peer->is_member * by;
    for (int room = 0; room < opt.rooms; room++) room_inside[room] += is_in(peer, room) * by;
}

void came_in(struct peer *peer) {
    peer->state = INSIDE;
    inside++;
    count_member(peer, 1);
    inside_at = now_ns();
}

void list_changed(struct peer *peer, int by) {
    lists_right -= peer->known == opt.members;
    peer->known += by;
    lists_right += peer->known == opt.members;
    if (lists_right == opt.members && !lists_at) lists_at = now_ns();
}

void died(struct peer *peer) {
    if (peer->state != INSIDE) failed++;
    else {
        lost_peers++;
        count_member(peer, -1);
    }
}

/* How many members are to get a message of this sender's. */
static uint32_t audience(int sender) {
    int hearing = opt.rooms ? room_inside[room_of(sender)] : members_inside;
    return (uint32_t)(hearing - (!echoes(opt.dialect) && senders[sender]->is_member));
}

static void count_arrival(int sender, uint32_t seq) {
    if (++arrived[(uint32_t)sender * RING + seq % RING] >= audience(sender)) done[sender]++;
}

void delivered(struct peer *peer, const char *payload) {
    int sender;
    uint32_t seq;
    int64_t at, now = last_read;
    if (!read_payload(payload, &sender, &seq, &at) || sender >= opt.senders) return note_problem("garbled", 7);
    uint32_t *before = &last[peer->index * opt.senders + sender];
    if (seq <= *before) {
        repeated++;
        return;
    }
    *before = seq;
    received++;
    peer->order = (peer->order ^ ((uint64_t)sender << 32 | seq)) * 1099511628211ULL;
    counted += now >= measure_from && now < measure_to;
    if (at >= measure_from && at < measure_to) record(&latencies, now - at);
    count_arrival(sender, seq);
}

static void send_message(int sender) {
    char payload[8192];
    uint32_t seq = ++sent[sender];
    arrived[(uint32_t)sender * RING + seq % RING] = 0;
    write_payload(payload, opt.size, sender, seq, now_ns());
    put_message(senders[sender], payload, seq);
}

static void fill_windows(void) {
    for (int sender = 0; sender < opt.senders; sender++) {
        if (senders[sender]->state != INSIDE) continue;
        while (sent[sender] - done[sender] < (uint32_t)opt.window) send_message(sender);
        if (senders[sender]->out.end && !senders[sender]->waits_to_write) flush(senders[sender]);
    }
}

/* Send what is due; return how long it is until the next one. */
static int64_t keep_pace(int64_t began, uint64_t *count) {
    int64_t due;
    while ((due = began + (int64_t)((double)*count * 1e9 / opt.rate)) <= now_ns()) {
        int sender = (int)((*count)++ % (uint64_t)opt.senders);
        if (senders[sender]->state != INSIDE) continue;
        send_message(sender);
        flush(senders[sender]);
    }
    int64_t left = due - now_ns();
    return left < 0 ? 0 : left;
}

static uint64_t total(const uint32_t *numbers) {
    uint64_t sum = 0;
    for (int sender = 0; sender < opt.senders; sender++) sum += numbers[sender];
    return sum;
}

static uint64_t expected(void) {
    uint64_t sum = 0;
    for (int sender = 0; sender < opt.senders; sender++) sum += (uint64_t)sent[sender] * audience(sender);
    return sum;
}

/* Whether the rich members of a crowd that only holds have still to hear of all others. */
static int awaits_lists(void) {
    return opt.dialect == RICH && !opt.senders && lists_right < inside;
}

/* Let all come in, and wait until the notices of that have ended. */
static void bring_in(void) {
    int opened = 0;
    opened_at = last_read = now_ns();
    int64_t until = opened_at + (int64_t)(opt.patience * 1e9);
    while (inside + failed < peer_count && now_ns() < until) {
        while (opened < peer_count && opened - inside - failed < opt.at_once) connect_peer(&peers[opened++]);
        poll_once(100000000);
    }
    while (now_ns() < until && (now_ns() - last_read < QUIET_NS || awaits_lists())) poll_once(50000000);
    entry_bytes = bytes_read;
}

static void drain(void) {
    int64_t began = now_ns();
    while (received < expected() && now_ns() - last_read < 2000000000LL && now_ns() - began < 20000000000LL)
        poll_once(20000000);
}

/* How many orders of messages there are among those who only listen; 0 if they are in different rooms. */
static int orders(void) {
    uint64_t seen[64];
    int count = 0;
    if (opt.rooms && opt.room_size < opt.members) return 0;
    for (int i = 0; i < opt.members; i++) {
        int is_new = peers[i].state == INSIDE && (peers[i].sender < 0 || echoes(opt.dialect));
        for (int j = 0; j < count; j++) is_new = is_new && seen[j] != peers[i].order;
        if (is_new && count < 64) seen[count++] = peers[i].order;
    }
    return count;
}

static double since_opened(int64_t moment) {
    return moment ? (double)(moment - opened_at) / 1e9 : -1;
}

static void print_entrance(void) {
    printf("{\"inside\":%d,\"failed\":%d,\"inside_s\":%.4f,\"lists_s\":%.4f,\"notice_bytes\":%llu", inside,
           failed, since_opened(inside_at), since_opened(lists_at), (unsigned long long)entry_bytes);
}

static void print_end(void) {
    printf(",\"problem\":\"%s\"}\n", problem);
    fflush(stdout);
}

static void hold(void) {
    print_entrance();
    print_end();
    for (;;) poll_once(1000000000);
}

static void talk(void) {
    int64_t began = now_ns();
    int is_paced = !strcmp(opt.mode, "paced");
    uint64_t count = 0, said = 0;
    double server = 0, own = 0;
    measure_from = began + (int64_t)(opt.warm_up * 1e9);
    measure_to = measure_from + (int64_t)(opt.seconds * 1e9);
    for (int64_t now = began; now < measure_to && inside > 0; now = now_ns()) {
        if (now >= measure_from && own == 0) {
            server = opt.server ? cpu_seconds(opt.server) : 0;
            own = cpu_seconds(0);
            said = total(sent);
        }
        int64_t wait = 20000000;
        if (is_paced) wait = keep_pace(began, &count);
        else fill_windows();
        poll_once(wait < 20000000 ? wait : 20000000);
    }
    server = opt.server ? cpu_seconds(opt.server) - server : 0;
    own = cpu_seconds(0) - own;
    said = total(sent) - said;
    print_entrance();
    drain();
    int64_t lost = (int64_t)(expected() - received);
    printf(",\"messages_s\":%.1f,\"deliveries_s\":%.1f,\"p50_ms\":%.4f,\"p99_ms\":%.4f,\"sent\":%llu,"
           "\"lost\":%lld,\"repeated\":%llu,\"orders\":%d,\"dropped\":%d,\"generator_share\":%.4f,"
           "\"server_us\":%.4f",
           (double)said / opt.seconds, (double)counted / opt.seconds, quantile_ms(&latencies, .5),
           quantile_ms(&latencies, .99), (unsigned long long)total(sent),
           (long long)lost, (unsigned long long)repeated, orders(), lost_peers, own / opt.seconds,
           counted ? server * 1e6 / (double)counted : 0);
    print_end();
}

static void make_peers(void) {
    int has_publishers = opt.dialect == REDIS; /* who subscribes there can't publish */
    if (!strcmp(opt.mode, "hold")) opt.senders = 0;
    if (opt.senders > opt.members) opt.senders = opt.members;
    peer_count = opt.members + (has_publishers ? opt.senders : 0);
    peers = calloc((size_t)peer_count, sizeof *peers);
    senders = calloc((size_t)opt.senders + 1, sizeof *senders);
    sent = calloc((size_t)opt.senders + 1, sizeof *sent);
    done = calloc((size_t)opt.senders + 1, sizeof *done);
    room_inside = calloc((size_t)opt.rooms + 1, sizeof *room_inside);
    arrived = calloc(((size_t)opt.senders + 1) * RING, sizeof *arrived);
    last = calloc((size_t)peer_count * (size_t)(opt.senders + 1), sizeof *last);
    for (int i = 0; i < peer_count; i++) {
        peers[i].index = i;
        peers[i].sender = -1;
        peers[i].is_member = i < opt.members;
    }
    for (int sender = 0; sender < opt.senders; sender++) {
        long index = has_publishers ? opt.members + sender : (long)sender * opt.members / opt.senders;
        senders[sender] = &peers[index];
        senders[sender]->sender = sender;
    }
}

static void set_dialect(const char *name) {
    for (int dialect = 0; dialect < DIALECTS; dialect++) {
        if (strcmp(name, dialect_names[dialect])) continue;
        opt.dialect = (enum dialect)dialect;
        return;
    }
    fprintf(stderr, "no such dialect: %s\n", name);
    exit(2);
}

static void read_options(int count, char **arguments) {
    int letter;
    while ((letter = getopt(count, arguments, "D:M:u:p:n:k:w:z:a:C:x:d:W:r:T:R:S:")) != -1) {
        switch (letter) {
        case 'D': set_dialect(optarg); break;
        case 'M': opt.mode = optarg; break;
        case 'u': opt.prefix = optarg; break;
        case 'p': opt.port = atoi(optarg); break;
        case 'n': opt.members = atoi(optarg); break;
        case 'k': opt.senders = atoi(optarg); break;
        case 'w': opt.window = atoi(optarg); break;
        case 'z': opt.size = atoi(optarg); break;
        case 'a': opt.at_once = atoi(optarg); break;
        case 'C': opt.core = atoi(optarg); break;
        case 'x': opt.server = atoi(optarg); break;
        case 'd': opt.seconds = atof(optarg); break;
        case 'W': opt.warm_up = atof(optarg); break;
        case 'r': opt.rate = atof(optarg); break;
        case 'T': opt.patience = atof(optarg); break;
        case 'R': opt.rooms = atoi(optarg); break;
        case 'S': opt.room_size = atoi(optarg); break;
        default: exit(2);
        }
    }
    if (!opt.room_size) opt.room_size = opt.members;
    if (opt.rooms && opt.dialect != PLAIN && opt.dialect != RICH && opt.dialect != IRC) exit(2);
    if (opt.size < HEADER + 1 || opt.size > 4096 || opt.window >= (int)RING) exit(2);
}

static void use_the_machine(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    if (opt.core < 0) return;
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(opt.core, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    use_the_machine();
    make_peers();
    open_poll();
    bring_in();
    if (!strcmp(opt.mode, "hold")) hold();
    else talk();
    return 0;
}
