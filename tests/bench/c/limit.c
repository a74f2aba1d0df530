/* A minimal chat server in C, to measure others against: the plain dialect, one room, no notices, nothing kept.
 *
 * limit PORT [FILE]
 *
 * What one turn of its loop has for the room is joined, and every member gets it in one send. With a FILE that is on
 * disk first: appended there, and synchronized. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_READ 131072
#define MOST_KEPT 8192
#define MOST_WAITING (64u << 20)

struct bytes {
    char *data;
    size_t start, end, capacity;
};

struct member {
    int fd, index, is_in;
    char speaker[36]; /* the nick and what stands between it and the text */
    size_t kept;
    char rest[MOST_KEPT];
    struct bytes waiting;
};

static int poll_fd, listener, log_fd = -1, member_count, member_capacity;
static struct member **members;
static struct bytes turn;

static void append(struct bytes *bytes, const char *data, size_t length) {
    if (bytes->end + length > bytes->capacity) {
        bytes->capacity = (bytes->end + length) * 2;
        bytes->data = realloc(bytes->data, bytes->capacity);
    }
    memcpy(bytes->data + bytes->end, data, length);
    bytes->end += length;
}

static void watch(struct member *member, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = member};
    epoll_ctl(poll_fd, operation, member->fd, &event);
}

static void send_to(struct member *member, const char *data, size_t length) {
    struct bytes *waiting = &member->waiting;
    if (waiting->start == waiting->end) {
        ssize_t sent = send(member->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == (ssize_t)length || (sent < 0 && errno != EAGAIN)) return;
        waiting->start = waiting->end = 0;
        data += sent > 0 ? sent : 0;
        length -= (size_t)(sent > 0 ? sent : 0);
        watch(member, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
    if (waiting->end + length <= MOST_WAITING) append(waiting, data, length);
}

static void send_waiting(struct member *member) {
    struct bytes *waiting = &member->waiting;
    ssize_t sent = send(member->fd, waiting->data + waiting->start, waiting->end - waiting->start,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) waiting->start += (size_t)sent;
    if (waiting->start < waiting->end) return;
    waiting->start = waiting->end = 0;
    watch(member, EPOLL_CTL_MOD, EPOLLIN);
}

static void keep_turn(void) {
    if (write(log_fd, turn.data, turn.end) != (ssize_t)turn.end || fdatasync(log_fd)) {
        perror("keep");
        exit(1);
    }
}

static void tell_all(void) {
    if (!turn.end) return;
    if (log_fd >= 0) keep_turn();
    for (int i = 0; i < member_count; i++)
        if (members[i]->is_in) send_to(members[i], turn.data, turn.end);
    turn.end = 0;
}

static void accept_all(void) {
    int fd, yes = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        if (member_count == member_capacity) {
            member_capacity = member_capacity * 2 + 1024;
            members = realloc(members, (size_t)member_capacity * sizeof *members);
        }
        struct member *member = calloc(1, sizeof *member);
        member->fd = fd;
        member->index = member_count;
        members[member_count++] = member;
        watch(member, EPOLL_CTL_ADD, EPOLLIN);
        send_to(member, "NICK\n", 5);
    }
}

static void drop(struct member *member) {
    close(member->fd);
    members[member->index] = members[--member_count];
    members[member->index]->index = member->index;
    free(member->waiting.data);
    free(member);
}

static void take_line(struct member *member, const char *line, size_t length) {
    if (!member->is_in) {
        snprintf(member->speaker, sizeof member->speaker, "%.*s: ", length < 32 ? (int)length : 32, line);
        member->is_in = 1;
        send_to(member, "Conectado\n", 10);
    } else if (length == 5 && !memcmp(line, "SALIR", 5)) {
        shutdown(member->fd, SHUT_RDWR);
    } else {
        append(&turn, member->speaker, strlen(member->speaker));
        append(&turn, line, length + 1);
    }
}

static void read_from(struct member *member) {
    static char buffer[MOST_KEPT + MOST_READ];
    memcpy(buffer, member->rest, member->kept);
    ssize_t got = recv(member->fd, buffer + member->kept, MOST_READ, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return drop(member);
    char *from = buffer, *end = buffer + member->kept + got, *line_end;
    while ((line_end = memchr(from, '\n', (size_t)(end - from)))) {
        take_line(member, from, (size_t)(line_end - from));
        from = line_end + 1;
    }
    member->kept = end - from < MOST_KEPT ? (size_t)(end - from) : 0;
    memcpy(member->rest, from, member->kept);
}

static void listen_on(int port) {
    int yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        exit(1);
    }
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, listener, &event);
}

static void raise_limit(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **arguments) {
    struct epoll_event events[512];
    raise_limit();
    poll_fd = epoll_create1(0);
    listen_on(count > 1 ? atoi(arguments[1]) : 9100);
    if (count > 2 && (log_fd = open(arguments[2], O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0) {
        perror(arguments[2]);
        return 1;
    }
    for (;;) {
        int ready = epoll_wait(poll_fd, events, 512, -1);
        for (int i = 0; i < ready; i++) {
            struct member *member = events[i].data.ptr;
            if (member && events[i].events & EPOLLOUT) send_waiting(member);
            if (!member) accept_all();
            else if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_from(member);
        }
        tell_all();
    }
}
