package fakeaircall

import (
	"strings"
	"testing"
)

func TestInsightCards(t *testing.T) {
	w := exchange(t).lost()
	const cards = `{"contents":[{"type":"title","text":"CRM","link":"https://crm.example.com/7"},{"type":"shortText","label":"Plan","text":"Gold","user_id":31}]}`
	w.send("POST", "/v1/calls/4/insight_cards", cards).want(201, "")
	w.send("POST", "/v1/calls/5/insight_cards", cards).want(201, "") // it rings
	w.send("POST", "/v1/calls/1/insight_cards", cards).wantTroubleshoot(400, "over")
	w.send("POST", "/v1/calls/99/insight_cards", cards).wantTroubleshoot(404, "Check ID")
	w.get("/v1/calls/4/insight_cards").want(404, `{"message":"Not Found"}`)

	text := func(size int) string {
		const around = `{"contents":[{"type":"title","text":""}]}`
		return strings.Replace(around, `"text":""`, `"text":"`+strings.Repeat("a", size-len(around))+`"`, 1)
	}
	w.send("POST", "/v1/calls/4/insight_cards", text(9_999)).want(201, "")
	w.send("POST", "/v1/calls/4/insight_cards", text(10_000)).wantTroubleshoot(400, "smaller than 10 kB, got 10000 bytes")
	for body, words := range map[string]string{
		`{}`:              "contents can't be blank",
		`{"contents":[]}`: "contents can't be blank",
		`{"cards":[{"type":"title","text":"a"}]}`:                     "contents can't be blank", // as some clients send it
		`{"contents":{"type":"title","text":"a"}}`:                    "contents must be an array",
		`{"contents":[null]}`:                                         "contents[0].type must be one of title, shortText",
		`{"contents":[{"type":"user","text":"a"}]}`:                   "contents[0].type must be one of",
		`{"contents":[{"type":"title","text":"a"},{"type":"title"}]}`: "contents[1].text can't be blank",
		`{"contents":[{"type":"title","text":7}]}`:                    "contents[0].text must be a string",
		`{"contents":[{"type":"title","text":"a","link":"crm"}]}`:     "contents[0].link must be a URL",
		`{"contents":[{"type":"title","text":"a","user_id":99}]}`:     "contents[0].user_id 99",
		`{"contents":[{"type":"title","text":"a","user_id":"31"}]}`:   "contents[0].user_id must be an integer",
	} {
		w.send("POST", "/v1/calls/4/insight_cards", body).wantTroubleshoot(400, words)
	}
}
