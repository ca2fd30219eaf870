package fakeaircall

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The audio of calls lies in S3, and presigned URLs lead there: without any
// credentials but those in the URL, and for a while. The fake serves it itself,
// below a path that Aircall does not have.
const (
	assetPath = "/_assets/"

	signedFor = time.Hour // documented in 2026; URLs of 2022 had ten minutes
	shortFor  = 3 * time.Hour
)

// assets makes the URLs of a company's audio, as one client reaches it.
type assets struct {
	base    string // scheme and host
	company *company
}

// signed is a presigned URL. Every reply has a signature of its own (captured 2022).
// It does not cover the host, so that two fakes differ in nothing else.
func (a assets) signed(kind string, call int64, now time.Time) string {
	return a.path(kind) + strconv.FormatInt(call, 10) + ".mp3?" +
		a.company.signedQuery(kind, call, now.UTC().Format(amzTime), int64(signedFor/time.Second))
}

// short leads to the same audio in fewer characters.
func (a assets) short(kind string, call int64, now time.Time) string {
	until := now.Add(shortFor).Unix()
	return a.path("short") + a.company.shortName(kind, call, until)
}

func (a assets) path(kind string) string {
	return a.base + assetPath + kind + "/" + url.PathEscape(a.company.account.Name) + "/"
}

const amzTime = "20060102T150405Z"

func (c *company) signedQuery(kind string, call int64, date string, seconds int64) string {
	return "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=FAKEACCESSKEY%2F" + date[:min(8, len(date))] + "%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=" + date +
		"&X-Amz-Expires=" + strconv.FormatInt(seconds, 10) + "&X-Amz-SignedHeaders=host&X-Amz-Signature=" + c.sign(kind, call, date, seconds)
}

// shortName says all there is to say: r-9ix-tb2x0k-3fa9c0de12 is the recording of a
// call, the second until when, and a signature.
func (c *company) shortName(kind string, call, until int64) string {
	return kind[:1] + "-" + strconv.FormatInt(call, 36) + "-" + strconv.FormatInt(until, 36) + "-" + c.sign(kind, call, "", until)[:10]
}

func (c *company) sign(kind string, call int64, date string, seconds int64) string {
	mac := hmac.New(sha256.New, []byte(c.account.Name+"\x00"+c.account.APIToken+"\x00"+c.account.Bearer))
	fmt.Fprintf(mac, "%s %d %s %d", kind, call, date, seconds)
	return hex.EncodeToString(mac.Sum(nil))
}

// An s3Error is a failure in S3's own words.
type s3Error struct {
	XMLName       xml.Name `xml:"Error"`
	Status        int      `xml:"-"`
	Code          string
	Message       string
	ArgumentName  string `xml:",omitempty"`
	ArgumentValue string `xml:",omitempty"`
	Key           string `xml:",omitempty"`
	Expires       string `xml:",omitempty"`
	ServerTime    string `xml:",omitempty"`
	RequestID     string `xml:"RequestId"`
	HostID        string `xml:"HostId"`
}

// serveAsset answers for S3, and says whether it was asked.
func (s *Server) serveAsset(w http.ResponseWriter, req *http.Request) bool {
	path, ok := strings.CutPrefix(req.URL.Path, assetPath)
	if !ok {
		return false
	}
	rnd, now := s.headerIDs(), s.clock.now()
	request, host := strings.ToUpper(rnd.hex(16)), base64.StdEncoding.EncodeToString([]byte(rnd.hex(56)))
	h := w.Header()
	h["Server"], h["Date"] = []string{"AmazonS3"}, []string{now.Format(http.TimeFormat)}
	h["X-Amz-Request-Id"], h["X-Amz-Id-2"] = []string{request}, []string{host}
	made, failed := s.asset(req, path, now)
	if failed != nil {
		failed.RequestID, failed.HostID = request, host
		body, _ := xml.Marshal(failed) // plain data
		h.Set("Content-Type", "application/xml")
		w.WriteHeader(failed.Status)
		w.Write(append([]byte(xml.Header), body...))
		return true
	}
	h.Set("Content-Type", "audio/mpeg")
	h.Set("ETag", silenceTag)
	http.ServeContent(w, req, "", made, bytes.NewReader(silence))
	return true
}

// asset finds the audio of a URL that is in order, and when it was made.
func (s *Server) asset(req *http.Request, path string, now time.Time) (made time.Time, failed *s3Error) {
	denied := &s3Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
	if auth := req.Header.Get("Authorization"); auth != "" {
		scheme, _, _ := strings.Cut(auth, " ")
		return made, &s3Error{
			Status: 400, Code: "InvalidArgument", ArgumentName: "Authorization", ArgumentValue: scheme, // S3 repeats the secret, too
			Message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
		}
	}
	kind, rest, _ := strings.Cut(path, "/")
	slash := strings.LastIndex(rest, "/")
	if slash < 0 {
		return made, denied
	}
	companies := s.companies()
	i := slices.IndexFunc(companies, func(c *company) bool { return c.account.Name == rest[:slash] })
	if i < 0 {
		return made, denied
	}
	owner, file := companies[i], rest[slash+1:]
	now = owner.clock.now()
	var call, until int64
	if kind == "short" {
		kind, call, until = owner.openShort(file)
	} else {
		call, until = owner.openSigned(kind, file, req.URL.Query())
	}
	switch {
	case until == 0 && req.URL.RawQuery == "":
		return made, denied
	case until == 0 || req.Method != http.MethodGet: // the method is signed
		return made, &s3Error{
			Status: 403, Code: "SignatureDoesNotMatch",
			Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		}
	case now.Unix() >= until:
		denied.Message, denied.Expires, denied.ServerTime = "Request has expired", s3Time(until), s3Time(now.Unix())
		return made, denied
	}
	failed = &s3Error{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist.", Key: path}
	_ = owner.do(now, func(t *tx) error {
		if c, ok := t.calls.get(call); ok && c.audio() == kind {
			made, failed = time.Unix(c.ended, 0).UTC(), nil
		}
		return nil
	})
	return made, failed
}

// openSigned gives the call of a presigned URL and the second it expires in, 0 if
// anything in it was made up.
func (c *company) openSigned(kind, file string, query url.Values) (call, until int64) {
	name, _ := strings.CutSuffix(file, ".mp3")
	date, seconds := query.Get("X-Amz-Date"), number64(query.Get("X-Amz-Expires"))
	from, err := time.Parse(amzTime, date)
	if call = number64(name); err != nil || call == 0 {
		return 0, 0
	}
	if want, err := url.ParseQuery(c.signedQuery(kind, call, date, seconds)); err != nil || !reflect.DeepEqual(query, want) {
		return 0, 0
	}
	return call, from.Unix() + seconds
}

func (c *company) openShort(file string) (kind string, call, until int64) {
	parts := strings.Split(file, "-")
	kind = map[string]string{"r": "recording", "v": "voicemail"}[parts[0]]
	if len(parts) != 4 || kind == "" {
		return "", 0, 0
	}
	call, _ = strconv.ParseInt(parts[1], 36, 64)
	until, _ = strconv.ParseInt(parts[2], 36, 64)
	if file != c.shortName(kind, call, until) {
		return "", 0, 0
	}
	return kind, call, until
}

func s3Time(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC3339) }

// silence is three seconds of it as MP3: frames of MPEG-2 layer III with 8 kbit/s and
// 16 kHz in mono, which say with nothing but zeros that nothing is heard.
var (
	silence    = bytes.Repeat(append([]byte{0xff, 0xf3, 0x18, 0xc4}, make([]byte, frame-4)...), 3*16_000/576)
	silenceTag = fmt.Sprintf(`"%x"`, md5.Sum(silence))
)

// frame is the bytes of 576 samples: 72 times the bits, divided by the samples of a second.
const frame = 72 * 8_000 / 16_000
