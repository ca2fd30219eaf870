package aircall_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/aircallkit/aircallkit/binding/aircall"
)

func Example() {
	c, err := aircall.New(aircall.Options{APIID: os.Getenv("AIRCALL_API_ID"), APIToken: os.Getenv("AIRCALL_API_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	yesterday := aircall.ListParams{From: time.Now().AddDate(0, 0, -1), Order: aircall.Desc}
	for call, err := range c.Calls(aircall.CallListParams{ListParams: yesterday}).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(call.ID, call.Direction, call.RawDigits)
	}
}

func ExampleError() {
	c, err := aircall.New(aircall.Options{AccessToken: os.Getenv("AIRCALL_ACCESS_TOKEN")})
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.UpdateContact(context.Background(), 5678, aircall.ContactUpdateParams{CompanyName: new("Acme")})
	var failure *aircall.Error
	switch {
	case errors.Is(err, aircall.KindNotFound):
		fmt.Println("no such contact")
	case errors.As(err, &failure) && failure.EffectUnknown:
		fmt.Println("look before sending it again")
	case err != nil:
		log.Fatal(err)
	}
}
