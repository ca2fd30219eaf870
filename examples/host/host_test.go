package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/aircallkit/aircallkit/fakeaircall"
)

func TestHost(t *testing.T) {
	srv := fakeaircall.RunT(t, fakeaircall.Options{})
	t.Setenv("AIRCALL_API_ID", "fake-default-id")
	t.Setenv("AIRCALL_API_TOKEN", "fake-default-token")
	var out, desk bytes.Buffer
	h := &host{url: srv.URL(), people: bufio.NewReader(strings.NewReader("y\nn\n")), desk: &desk}
	err := h.run(t.Context(), `
		local aircall, notebook = app.integrations.aircall, app.integrations.notebook
		local call = aircall.get_call(12345).call
		print(call.id, notebook.add_note("call from " .. call.from).notes)
		print(select(2, pcall(aircall.create_contact, "Ann")).type)
		print(select(2, pcall(aircall.delete_contact, 5678)).type)`, &out)
	if err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "12345\t1\npermission_denied\npermission_denied\n" {
		t.Errorf("printed %q", got)
	}
	if len(h.notes) != 1 || !strings.HasPrefix(h.notes[0], "call from +") {
		t.Errorf("notes: %q", h.notes)
	}
	want := "map[add_note ok:1 create_contact permission_denied:1 delete_contact permission_denied:1 get_call ok:1]"
	if h.String() != want {
		t.Errorf("metrics: %v", h)
	}
	for _, text := range []string{"integrations.aircall.create_contact with map[first_name:Ann]? [y/n] ", `msg="lua run" script=report.lua calls=4`} {
		if !strings.Contains(desk.String(), text) {
			t.Errorf("the desk lacks %q:\n%s", text, &desk)
		}
	}
	if strings.Contains(desk.String(), "fake-default-token") {
		t.Error("a secret is on the desk")
	}
}
