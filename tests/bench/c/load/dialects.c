/* What is said and heard in each protocol: how a peer gets in, and how it posts a message. */
#define _GNU_SOURCE
#include "load.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *dialect_names[DIALECTS] = {"plain", "rich", "irc", "redis", "nats"};

int echoes(enum dialect dialect) {
    return dialect != IRC;
}

static void say(struct peer *peer, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    put(peer, text, (size_t)vsnprintf(text, sizeof text, format, arguments));
    va_end(arguments);
}

static int starts(const char *line, size_t length, const char *with) {
    return length >= strlen(with) && !memcmp(line, with, strlen(with));
}

void greet(struct peer *peer) {
    switch (opt.dialect) {
    case PLAIN: return say(peer, "%s%05d\n", opt.prefix, peer->index);
    case RICH: return say(peer, "{\"type\":\"hello\",\"nick\":\"%s%05d\"}\n", opt.prefix, peer->index);
    case IRC: return say(peer, "NICK %s%05d\r\nUSER bench 0 * :bench\r\n", opt.prefix, peer->index);
    case REDIS: return peer->is_member ? say(peer, "SUBSCRIBE b\r\n") : came_in(peer);
    default: return;
    }
}

/* Come into all rooms beside the first that are this peer's; each is answered, and the last answer lets it in. */
static void enter_rooms(struct peer *peer) {
    static const char *joining[DIALECTS] = {"/join #r%d\n", "{\"type\":\"join\",\"room\":\"#r%d\"}\n", "JOIN #r%d\r\n"};
    for (int room = 0; room < opt.rooms; room++) {
        if (!is_in(peer, room)) continue;
        peer->awaited++;
        say(peer, joining[opt.dialect], room);
    }
    if (!peer->awaited) came_in(peer);
}

static void entered_one(struct peer *peer) {
    if (peer->awaited && !--peer->awaited) came_in(peer);
}

static int count_strings(const char *from, const char *end) {
    int quotes = 0;
    for (; from < end && *from != ']'; from++) quotes += *from == '"';
    return quotes / 2;
}

/* How many people a line says are in the room: by their number if it has one, else by the list called `list`. */
static int people_in(const char *line, size_t length, const char *list) {
    const char *count = memmem(line, length, "\"count\":", 8), *nicks = memmem(line, length, list, strlen(list));
    if (count) return atoi(count + 8);
    return nicks ? count_strings(nicks + strlen(list), line + length) : 0;
}

static int is_of_first(const char *line, size_t length) {
    return memmem(line, length, "\"room\":\"#general\"", 17) != NULL;
}

static void read_rich(struct peer *peer, const char *line, size_t length) {
    if (starts(line, length, "{\"type\":\"entered\"")) return entered_one(peer);
    if (starts(line, length, "{\"type\":\"error\"")) return note_problem(line, length);
    if (!is_of_first(line, length)) return;
    if (starts(line, length, "{\"type\":\"welcomed\"")) {
        list_changed(peer, people_in(line, length, "\"members\":[") - peer->known);
        enter_rooms(peer);
    } else if (starts(line, length, "{\"type\":\"present\"")) {
        list_changed(peer, people_in(line, length, "\"nicks\":[") - peer->known);
    } else if (starts(line, length, "{\"type\":\"joined\"")) {
        char own[64];
        int size = snprintf(own, sizeof own, "\"%s%05d\"", opt.prefix, peer->index);
        if (!memmem(line, length, own, (size_t)size)) list_changed(peer, 1);
    } else if (starts(line, length, "{\"type\":\"left\"")) {
        list_changed(peer, -1);
    }
}

static void read_irc(struct peer *peer, const char *line, size_t length) {
    if (starts(line, length, "PING")) return say(peer, "PONG%.*s\r\n", (int)length - 4, line + 4);
    if (starts(line, length, "ERROR")) return note_problem(line, length);
    const char *code = memchr(line, ' ', length);
    if (!code || length - (size_t)(code - line) < 4) return;
    if (peer->state == GREETING && !memcmp(code, " 001", 4)) say(peer, "JOIN #bench\r\n");
    else if (!memcmp(code, " 366", 4) && peer->awaited) entered_one(peer);
    else if (peer->state == GREETING && !memcmp(code, " 366", 4)) enter_rooms(peer);
    else if ((code[1] == '4' || code[1] == '5') && isdigit(code[2]) && isdigit(code[3]) && memcmp(code, " 422", 4))
        note_problem(line, length);
}

static void read_plain(struct peer *peer, const char *line, size_t length) {
    if (peer->state == GREETING && starts(line, length, "Conectado")) enter_rooms(peer);
    else if (starts(line, length, "-- You are in ")) entered_one(peer);
    else if (starts(line, length, "-- ")) note_problem(line, length);
}

static void read_nats(struct peer *peer, const char *line, size_t length) {
    if (starts(line, length, "INFO") && peer->state == GREETING)
        say(peer, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB b 1\r\nPING\r\n");
    else if (starts(line, length, "PONG") && peer->state == GREETING) came_in(peer);
    else if (starts(line, length, "PING")) say(peer, "PONG\r\n");
    else if (starts(line, length, "-")) note_problem(line, length);
}

void read_line(struct peer *peer, const char *line, size_t length) {
    switch (opt.dialect) {
    case PLAIN: read_plain(peer, line, length); break;
    case RICH: read_rich(peer, line, length); break;
    case IRC: read_irc(peer, line, length); break;
    case REDIS:
        if (peer->state == GREETING && starts(line, length, "subscribe")) came_in(peer);
        else if (starts(line, length, "-")) note_problem(line, length);
        break;
    default: read_nats(peer, line, length);
    }
    if (peer->out.end) flush(peer);
}

/* Write the name of the room that `sender` talks in; `first` is the one that all are in. */
static const char *target(const struct peer *sender, const char *first) {
    static char name[32];
    if (!opt.rooms) return first;
    snprintf(name, sizeof name, "#r%d", room_of(sender->sender));
    return name;
}

void put_message(struct peer *peer, const char *payload, uint32_t seq) {
    const char *end = "\r\n";
    char id[64];
    switch (opt.dialect) {
    case PLAIN: end = "\n"; break;
    case RICH:
        snprintf(id, sizeof id, "\",\"id\":\"%x-%x\"}\n", (unsigned)getpid(), (unsigned)seq);
        end = id;
        say(peer, "{\"type\":\"say\",\"room\":\"%s\",\"text\":\"", target(peer, "#general"));
        break;
    case IRC: say(peer, "PRIVMSG %s :", target(peer, "#bench")); break;
    case REDIS: say(peer, "*3\r\n$7\r\nPUBLISH\r\n$1\r\nb\r\n$%d\r\n", opt.size); break;
    default: say(peer, "PUB b %d\r\n", opt.size);
    }
    put(peer, payload, (size_t)opt.size);
    put(peer, end, strlen(end));
}
