from branches.aims import *
from branches.models import Indicator
C=Indicator(name="x",unit_word="buổi"); S=Indicator(measure="share",unit_word="đoàn viên"); M=Indicator(measure="money",unit_word="đồng"); Y=Indicator(measure="yes_no",unit_word="có/không")
L=Indicator(unit_word="vụ",lower_is_better=True)
def test_x():
    for i,t in [(C,"≥ 3"),(C,"3"),(C,"2-3"),(C,"2 – 3"),(C,"từ 2 đến 3"),(C,"0"),(C,"1/tháng"),(C,"3/quý"),(C,"1 buổi/tháng"),(C,"mỗi tháng 1 buổi"),(C,"> 20"),(C,"≤ 2"),(C,"<3"),(C,"ít nhất 3 buổi"),(C,"từ 3 trở lên"),(C,"3+"),(C,"trên 20 buổi"),(C,"hằng tháng"),(C,"1.200"),(C,"20%"),(C,"abc"),(C,"≥0"),(C,"2,5"),(C,"3-2"),(C,"1-2-3"),(C,"-3"),(C,"có"),(C,"không quá 2"),(C,"đúng 12"),(C,"≥"),(C,"14/14"),
        (S,"100%"),(S,"100"),(S,"≥ 92,5%"),(S,"90%-95%"),(S,"90-95%"),(S,"0"),(S,"14/14"),(S,"120%"),(S,"1/tháng"),(S,"> 70 %"),
        (M,"≥ 5.000.000"),(M,"5 triệu"),(M,"5000000đ"),(M,">=5.000.000 đồng"),(Y,"có"),(Y,"Có"),(Y,"3"),(Y,"0"),(L,"2"),(L,"= 2"),(L,"0"),(C,"9"*30),(C,"²"),(C,"Ⅳ"),(C,"\u0663"),(C,"1\0")]:
        try:
            a=parse_aim(t,i); b=aim_text(a,i); assert parse_aim(b,i)==a,(t,b); print(t,'->',b,a.comparator)
        except AimRefused as e: print(t,'!!',e)
    print(parse_aim("3",C,"ge"), parse_aim("",Y,"yes"))
