/* Sockets: one epoll, one shared buffer to read into, and lines out of what comes. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_KEPT (4u << 20) /* the longest part of a line that may wait for its end */
#define MOST_READ (256u << 10)

uint64_t bytes_read;
int64_t last_read;
static int epoll_fd;
static char *buffer;

int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void open_poll(void) {
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    buffer = malloc(MOST_KEPT + MOST_READ);
}

static void watch(struct peer *peer, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = peer};
    epoll_ctl(epoll_fd, operation, peer->fd, &event);
}

static void append(struct bytes *bytes, const void *data, size_t length) {
    if (bytes->end + length > bytes->capacity) {
        bytes->capacity = (bytes->end + length) * 2;
        bytes->data = realloc(bytes->data, bytes->capacity);
    }
    memcpy(bytes->data + bytes->end, data, length);
    bytes->end += length;
}

static void release(struct bytes *bytes) {
    free(bytes->data);
    memset(bytes, 0, sizeof *bytes);
}

void kill_peer(struct peer *peer) {
    if (peer->state == DEAD) return;
    died(peer);
    peer->state = DEAD;
    close(peer->fd);
    release(&peer->in);
    release(&peer->out);
}

void put(struct peer *peer, const void *data, size_t length) {
    append(&peer->out, data, length);
}

static void set_waits(struct peer *peer, uint8_t waits) {
    if (peer->waits_to_write == waits) return;
    peer->waits_to_write = waits;
    watch(peer, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

void flush(struct peer *peer) {
    struct bytes *out = &peer->out;
    while (peer->state != DEAD && out->start < out->end) {
        ssize_t sent = send(peer->fd, out->data + out->start, out->end - out->start, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) out->start += (size_t)sent;
        else if (errno == EAGAIN) return set_waits(peer, 1);
        else if (errno != EINTR) return kill_peer(peer);
    }
    out->start = out->end = 0;
    if (peer->state != DEAD) set_waits(peer, 0);
}

/* Find the payload in a line; names may have the sign that it begins with. */
static const char *find_payload(const char *line, const char *end) {
    const char *at = line;
    while ((at = memchr(at, '~', (size_t)(end - at)))) {
        if (end - at >= opt.size && at[1] == 'M' && at[HEADER - 1] == '~') return at;
        at++;
    }
    return NULL;
}

/* Hand every whole line to its reader; return how much was taken. */
static size_t feed(struct peer *peer, const char *data, size_t length) {
    const char *from = data, *end = data + length, *line_end;
    while (peer->state != DEAD && (line_end = memchr(from, '\n', (size_t)(end - from)))) {
        size_t size = (size_t)(line_end - from);
        const char *payload = find_payload(from, line_end);
        if (payload) delivered(peer, payload);
        else read_line(peer, from, size && from[size - 1] == '\r' ? size - 1 : size);
        from = line_end + 1;
    }
    return (size_t)(from - data);
}

static void keep(struct peer *peer, const char *data, size_t length) {
    peer->in.end = 0;
    if (length > MOST_KEPT) {
        note_problem("a line without an end", 21);
        kill_peer(peer);
    } else if (length && peer->state != DEAD) append(&peer->in, data, length);
}

static void read_some(struct peer *peer) {
    size_t had = peer->in.end;
    if (had) memcpy(buffer, peer->in.data, had);
    ssize_t got = recv(peer->fd, buffer + had, MOST_READ, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return kill_peer(peer);
    last_read = now_ns();
    bytes_read += (uint64_t)got;
    size_t taken = feed(peer, buffer, had + (size_t)got);
    keep(peer, buffer + taken, had + (size_t)got - taken);
}

static void connected(struct peer *peer) {
    int error = 0, yes = 1;
    socklen_t size = sizeof error;
    getsockopt(peer->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        note_problem(strerror(error), strlen(strerror(error)));
        return kill_peer(peer);
    }
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    peer->state = GREETING;
    watch(peer, EPOLL_CTL_MOD, EPOLLIN);
    greet(peer);
    flush(peer);
}

void connect_peer(struct peer *peer) {
    peer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (peer->fd < 0) {
        perror("socket");
        exit(1);
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)opt.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->state = CONNECTING;
    int result = connect(peer->fd, (struct sockaddr *)&address, sizeof address);
    if (result < 0 && errno != EINPROGRESS) return kill_peer(peer);
    watch(peer, EPOLL_CTL_ADD, EPOLLOUT);
}

static void serve(struct peer *peer, uint32_t events) {
    if (peer->state == CONNECTING) return connected(peer);
    if (peer->state != DEAD && events & EPOLLOUT) flush(peer);
    if (peer->state != DEAD && events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_some(peer);
}

void poll_once(int64_t timeout_ns) {
    struct epoll_event events[512];
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    int count = epoll_pwait2(epoll_fd, events, 512, &timeout, NULL);
    for (int i = 0; i < count; i++) serve(events[i].data.ptr, events[i].events);
}
