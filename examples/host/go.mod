module example.com/host

go 1.26.0

require github.com/aircallkit/aircallkit v0.0.0

require (
	github.com/brianvoe/gofakeit/v6 v6.28.0 // indirect
	github.com/gorilla/mux v1.8.1 // indirect
	github.com/nyaruka/phonenumbers v1.8.1 // indirect
	github.com/yuin/goldmark v1.8.7 // indirect
	github.com/yuin/gopher-lua v1.1.2 // indirect
	golang.org/x/text v0.23.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

replace github.com/aircallkit/aircallkit => ../..
