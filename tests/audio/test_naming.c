#include "suite.h"

#include "audio/naming.h"

static void called(const char *name, const char *friendly)
{
    char out[128];
    naming_friendly(name, out, sizeof out);
    ck_assert_str_eq(out, friendly);
}

START_TEST(cards_have_the_names_on_their_boxes)
{
    called("Scarlett 2i2 USB: Audio (hw:1,0)", "Scarlett 2i2 USB");
    called("USB Audio CODEC: - (hw:2,0)", "USB Audio CODEC");
    called("UMC204HD 192k: USB Audio (hw:3,0)", "UMC204HD 192k");
    called("HDA Intel PCH: ALC257 Analog (hw:0,0)", "HDA Intel PCH, ALC257 Analog");
    called("HDA: HDMI 0: TV (hw:0,3)", "HDA, HDMI 0: TV");
    called("Loopback: Loopback (hw:4,1)", "Loopback");
    called("system", "system");
    called("Built-in Audio Analog Stereo", "Built-in Audio Analog Stereo");
    called("pipewire", "PipeWire");
    called("default", "default");
    called("", "");
    char cut[8];
    naming_friendly("Scarlett 2i2 USB: Audio (hw:1,0)", cut, sizeof cut);
    ck_assert_str_eq(cut, "Scarlet");
}
END_TEST

START_TEST(detours_are_told_from_cards)
{
    static const char *const detours[] = {"sysdefault", "surround51", "front",      "dmix",
                                          "null",       "upmix",      "samplerate", "a52",
                                          "surround40", "iec958",     "lavrate",    "oss"};
    static const char *const cards[] = {"default", "pipewire", "pulse",
                                        "jack",    "nullify",  "frontman",
                                        "system",  "dmix_2",   "front: Audio (hw:0,0)"};
    for (size_t i = 0; i < sizeof detours / sizeof *detours; i++)
        ck_assert_msg(naming_is_plumbing(detours[i]), "%s", detours[i]);
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        ck_assert_msg(!naming_is_plumbing(cards[i]), "%s", cards[i]);
}
END_TEST

START_TEST(a_card_is_known_by_its_number)
{
    ck_assert_int_eq(naming_card("Scarlett 2i2 USB: Audio (hw:1,0)"), 1);
    ck_assert_int_eq(naming_card("HDA Intel PCH: ALC257 Analog (hw:0,0)"), 0);
    ck_assert_int_eq(naming_card("My card (hw:7,1): Audio (hw:12,3)"), 12);
    ck_assert_int_eq(naming_card("default"), -1);
    ck_assert_int_eq(naming_card("x (hw:"), -1);
}
END_TEST

Suite *naming_suite(void);
Suite *naming_suite(void)
{
    Suite *suite = suite_create("naming");
    TCase *tcase = tcase_create("naming");
    tcase_add_test(tcase, cards_have_the_names_on_their_boxes);
    tcase_add_test(tcase, detours_are_told_from_cards);
    tcase_add_test(tcase, a_card_is_known_by_its_number);
    suite_add_tcase(suite, tcase);
    return suite;
}
