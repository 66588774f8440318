#include "audio/pedal_bytes.h"

enum {
    NOTE_ON = 0x90,
    CONTROLLER = 0xb0,
    PROGRAM = 0xc0,
    PRESSURE = 0xd0,
    SYSTEM = 0xf0,
    REAL_TIME = 0xf8,
    DOWN = 64
};

static bool controller(struct pedal_bytes *bytes, uint8_t number, uint8_t value)
{
    uint8_t before = bytes->value[number];
    bytes->value[number] = value;
    return value >= DOWN && (before < DOWN || before == value);
}

static bool message(struct pedal_bytes *bytes, uint8_t first, uint8_t second,
                    struct pedal_press *press)
{
    press->number = first;
    switch (bytes->status & 0xf0) {
    case NOTE_ON:
        press->kind = PEDAL_NOTE;
        return second > 0;
    case CONTROLLER:
        press->kind = PEDAL_CONTROLLER;
        return controller(bytes, first, second);
    case PROGRAM:
        press->kind = PEDAL_PROGRAM;
        return true;
    default:
        return false;
    }
}

bool pedal_byte(struct pedal_bytes *bytes, uint8_t byte, struct pedal_press *press)
{
    if (byte >= REAL_TIME) /* may stand within any other message */
        return false;
    if (byte & 0x80) { /* exclusive and common messages end the running status */
        bytes->status = byte < SYSTEM ? byte : 0;
        bytes->has_first = false;
        return false;
    }
    uint8_t kind = bytes->status & 0xf0;
    if (kind == 0)
        return false;
    if (kind == PROGRAM || kind == PRESSURE)
        return message(bytes, byte, 0, press);
    if (!bytes->has_first) {
        bytes->first = byte;
        bytes->has_first = true;
        return false;
    }
    bytes->has_first = false;
    return message(bytes, bytes->first, byte, press);
}
